import assert from "node:assert/strict";
import { PerformanceMode, ThroughputMode, TransitionAfter } from "../../../../components/index";
import {
  type FileSystemSettings,
  lifecyclePolicies,
  validateFileSystemSettings,
} from "../../../../components/efs/fileSystemSettings";

const wrong = (settings: FileSystemSettings) =>
  validateFileSystemSettings(settings).map(({ argument, expected }) => `${argument} must be ${expected}`);

describe("a file system's settings", () => {
  const { Elastic, Bursting, Provisioned } = ThroughputMode;
  const { ThirtyDays, NinetyDays, OneDay, Never } = TransitionAfter;
  const archived = { toArchive: NinetyDays };

  for (const [settings, refused] of [
    [{}, []],
    [{ throughputMode: Bursting }, []],
    [{ throughputMode: Bursting, performanceMode: PerformanceMode.MaxIO }, []],
    [{ performanceMode: PerformanceMode.MaxIO }, ["performanceMode must be generalPurpose with elastic throughput"]],
    [{ throughputMode: Provisioned, provisionedThroughputInMibps: 1 }, []],
    [{ throughputMode: Provisioned, provisionedThroughputInMibps: 3414 }, []],
    ...[undefined, 0, 3415, NaN].map(
      (mibps) =>
        [
          { throughputMode: Provisioned, provisionedThroughputInMibps: mibps },
          ["provisionedThroughputInMibps must be from 1 to 3414 with provisioned throughput"],
        ] as const,
    ),
    [{ provisionedThroughputInMibps: 10 }, ["provisionedThroughputInMibps must be left out with elastic throughput"]],
    [{ lifecycle: archived }, []],
    [{ throughputMode: Bursting, lifecycle: archived }, ["lifecycle.toArchive must be NEVER with bursting throughput"]],
    [
      { lifecycle: { toInfrequentAccess: Never, ...archived } },
      ["lifecycle.toArchive must be later than the move to Infrequent Access, which is NEVER"],
    ],
    [
      { lifecycle: { toArchive: ThirtyDays } },
      ["lifecycle.toArchive must be later than the move to Infrequent Access, which is AFTER_30_DAYS"],
    ],
    [{ lifecycle: { toInfrequentAccess: OneDay, toArchive: ThirtyDays } }, []],
    [
      {
        throughputMode: Elastic,
        provisionedThroughputInMibps: 5,
        performanceMode: PerformanceMode.MaxIO,
        lifecycle: { toArchive: OneDay },
      },
      [
        "provisionedThroughputInMibps must be left out with elastic throughput",
        "performanceMode must be generalPurpose with elastic throughput",
        "lifecycle.toArchive must be later than the move to Infrequent Access, which is AFTER_30_DAYS",
      ],
    ],
  ] as [FileSystemSettings, string[]][]) {
    it(`${JSON.stringify(settings)}: ${refused.length === 0 ? "accepted" : `refused, ${refused.length}`}`, () => {
      assert.deepEqual(wrong(settings), refused);
    });
  }

  it("become one policy a transition, as EFS takes them", () => {
    const back = { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" };
    assert.deepEqual(lifecyclePolicies(undefined), [{ transitionToIa: "AFTER_30_DAYS" }, back]);
    assert.deepEqual(lifecyclePolicies({ ...archived, backOnAccess: false }), [
      { transitionToIa: "AFTER_30_DAYS" },
      { transitionToArchive: "AFTER_90_DAYS" },
    ]);
    assert.deepEqual(lifecyclePolicies({ toInfrequentAccess: Never }), []);
  });
});
