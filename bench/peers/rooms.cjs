// The peer on node: `ws`, serving rooms. What one socket says, everybody in the room hears: the same bytes.
// It keeps nothing, asks nobody's name and forgets everything: the least that a server of sockets can be.
"use strict";
const { WebSocketServer } = require("ws");

const rooms = new Map();
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, backlog: 1024, perMessageDeflate: false });

server.on("connection", (socket, request) => {
  const room = rooms.get(request.url) ?? new Set();
  rooms.set(request.url, room.add(socket));
  socket.on("message", (said) => {
    for (const each of room) each.send(said, { binary: false });
  });
  socket.on("close", () => room.delete(socket));
});
server.on("listening", () => console.log(server.address().port));
