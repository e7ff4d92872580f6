// What is typed into the search is words: `--seeds`, `tau-` and `a:b` are no operators of its language, whose
// parser would refuse them and find nothing.
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...rest) {
  const asks = message && message.type === 2 && typeof message.data === "string";
  const words = asks && message.data.replace(/(^|\s)[*+\-:^~]+|[*+\-:^~]+(?=\s|$)|:/g, " ").trim();
  return post.call(this, asks ? { ...message, data: words } : message, ...rest);
};
