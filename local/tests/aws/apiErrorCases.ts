import { type AwsRecord, token } from "../../aws/records";
import type { Rule } from "../../aws/apiErrors";
import type { Properties } from "../../plugins/plugin";

export const record = (type: string, id: string, properties: Properties = {}, status = "ACTIVE"): AwsRecord => ({
  type: token(type),
  id,
  status,
  properties,
});

/** A thing that is refused beside `others`, and what of the two is different where it is accepted. */
export interface Case {
  on: Rule["on"];
  thing: AwsRecord;
  others?: AwsRecord[];
  olds?: Properties;
  refused: RegExp;
  /** Default: the same thing with nothing beside it. */
  accepted?: { thing?: AwsRecord; others?: AwsRecord[] };
}
