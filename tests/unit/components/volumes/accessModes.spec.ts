import assert from "node:assert/strict";
import { AccessMode } from "../../../../components/index";
import { validateAccessMode, type VolumeKind } from "../../../../components/volumes/accessModes";

describe("validateAccessMode", () => {
  // Every combination: what the drivers take, and what they refuse.
  const table: Record<VolumeKind, Record<AccessMode, boolean>> = {
    efs: { ReadWriteOnce: true, ReadWriteOncePod: false, ReadOnlyMany: false, ReadWriteMany: true },
    ebs: { ReadWriteOnce: true, ReadWriteOncePod: true, ReadOnlyMany: false, ReadWriteMany: false },
    s3: { ReadWriteOnce: false, ReadWriteOncePod: false, ReadOnlyMany: true, ReadWriteMany: true },
  };

  for (const [kind, modes] of Object.entries(table) as [VolumeKind, Record<AccessMode, boolean>][]) {
    const working = Object.values(AccessMode).filter((mode) => modes[mode]);
    for (const mode of Object.values(AccessMode)) {
      it(`${modes[mode] ? "accepts" : "refuses"} ${mode} on ${kind}`, () => {
        const violations = validateAccessMode(kind, mode);
        assert.equal(violations.length, modes[mode] ? 0 : 1);
        for (const { argument, expected, actual, fix } of violations) {
          assert.deepEqual([argument, actual], ["accessMode", mode]);
          for (const works of working) assert.ok(expected.includes(works), expected);
          assert.match(fix, /EBS|readOnly|S3/, "where it goes instead");
        }
      });
    }
  }
});
