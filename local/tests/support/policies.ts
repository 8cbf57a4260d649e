import type { Properties } from "../../plugins/properties";

/** A policy document, as text. */
export const policy = (...Statement: Properties[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

/** Lets one of AWS's services take a role. */
export const trust = (Service: string, ...Action: string[]): string =>
  policy({ Effect: "Allow", Principal: { Service }, Action });

export const trustOfPods = trust("pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession");
export const trustOfBackups = trust("backup.amazonaws.com", "sts:AssumeRole");
