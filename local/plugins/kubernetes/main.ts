import { serve } from "../server";
import { kubernetes } from "./plugin";

serve(kubernetes);
