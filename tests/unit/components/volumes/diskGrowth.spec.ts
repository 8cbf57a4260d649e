import assert from "node:assert/strict";
import { growthOf } from "../../../../components/volumes/diskGrowth";

describe("a disk that grows", () => {
  it("is told of EBS's limits", () => {
    assert.equal(
      growthOf("The disk", "512Gi", "1Ti"),
      "The disk grows from 512Gi to 1Ti. EBS changes a disk at most four times in 24 hours, and only when its last change " +
        "is complete, which can take hours. Before that it refuses (VolumeModificationRateExceeded, " +
        "IncorrectModificationState), and the driver goes on asking: the claim's events tell, pulumi up doesn't.",
    );
  });

  it("isn't one that stays as large as it is, in whatever unit, shrinks, or isn't known yet", () => {
    for (const storage of ["20Gi", "19Gi", undefined]) assert.equal(growthOf("It", "20Gi", storage), undefined);
    assert.equal(growthOf("It", "1024Gi", "1Ti"), undefined);
  });
});
