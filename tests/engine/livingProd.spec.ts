import { lives } from "./living/lives";

lives("prod");
