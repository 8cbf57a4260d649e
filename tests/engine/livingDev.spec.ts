import { lives } from "./living/lives";

lives("dev");
