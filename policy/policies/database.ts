import {
  claimsOf,
  driverOfClaim,
  EFS_DRIVER,
  NFS_DRIVERS,
  podOf,
  runsDatabase,
  S3_DRIVER,
  volumesOf,
  WORKLOADS,
} from "../kubernetes";
import { type Policy, Severity } from "../policy";

const GRACE_IN_SECONDS = 60;

export const database: Policy[] = [
  {
    name: "no-database-on-shared-storage",
    description: "A database's files are on a disk, not on NFS or S3.",
    severity: Severity.High,
    standards: [],
    fix: ["Use a claim of an EBS class: databases need file locks and ordered writes."],
    url: "https://dev.mysql.com/doc/refman/8.4/en/disk-issues.html",
    example: { wrong: 'image: "mysql:8.4" on { storageClassName: "efs" }', right: '{ storageClassName: "ebs" }' },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      if (!runsDatabase(workload)) return;
      for (const { volume, spec } of claimsOf(workload, stack)) {
        const driver = driverOfClaim(spec, stack);
        if ([EFS_DRIVER, S3_DRIVER, ...NFS_DRIVERS].includes(driver!)) yield `its volume ${volume} is on ${driver}`;
      }
      for (const { name, nfs } of volumesOf(workload)) if (nfs !== undefined) yield `its volume ${name} is on nfs`;
    },
  },
  {
    name: "database-time-to-stop",
    description: "A database has a minute or more to shut down.",
    severity: Severity.Medium,
    standards: [],
    fix: [`Set terminationGracePeriodSeconds to ${GRACE_IN_SECONDS} or more; Kubernetes' default is 30.`],
    url: "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
    example: { wrong: "{ containers }", right: "{ containers, terminationGracePeriodSeconds: 120 }" },
    types: WORKLOADS,
    *check(workload) {
      const seconds = podOf(workload).spec.terminationGracePeriodSeconds;
      if (runsDatabase(workload) && Number(seconds ?? 30) < GRACE_IN_SECONDS) {
        yield `terminationGracePeriodSeconds is ${seconds ?? "left out, which means 30"}`;
      }
    },
  },
];
