/** Switches of STS that a test may turn while the simulator runs. */
export interface StsSettings {
  /** AssumeRole without a session policy is refused with a ValidationError. */
  sessionPolicyRequired: boolean;
  /** Characters of a session policy that fill the packed size; a longer one is PackedPolicyTooLarge. */
  packedPolicyLimit: number;
}

/** As AWS is: no session policy is needed, and the packed size is full where the plain text is. */
export const defaultStsSettings: Readonly<StsSettings> = {
  sessionPolicyRequired: false,
  packedPolicyLimit: 2_048,
};
