// The engine starts this file. It runs the rules' TypeScript as it is: nothing is to be built.
require("tsx/cjs");
require("./pack");
