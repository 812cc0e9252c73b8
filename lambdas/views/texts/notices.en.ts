/** Mails about what became of a domain, by kind (core/domains/notice.ts). `{other}` is the other party's address. */
export const notices = {
  greeting: "Hello,",
  /** Where owners go; under every mail without a link of its own. */
  manage: "You find the page of your domain here:",
  /** The same, under a mail whose reader has no domain there any more. */
  reclaim: "Whoever commands the DNS of a domain can prove that. You get a link to the page where that is done here:",
  life: "The link works once, until {until}. It is for you alone: please do not forward this mail.",
  button: "Open the page of the domain",
  byOperator: "The operator of this service did this. If you have questions, please ask there.",
  notYou:
    "If it was not you, somebody else can read your mail. Secure your mailbox, replace the password on the page of your domain, and tell the operator of this service.",
  notYouGone:
    "If it was not you, somebody else can read your mail. Secure your mailbox, and tell the operator of this service at once: they can give the domain back to you.",
  ignore: "If it was not you, do nothing: nothing changes then.",

  access: {
    subject: "Your link to {domain}",
    text: [
      "Somebody, probably you, asked on {when} for the page of the domain {domain} at the push service. On it an owner sees which PBXes are connected, replaces the password, changes the address or gives the domain up; whoever commands its DNS can prove that there.",
    ],
  },
  replaced: {
    subject: "New password for {domain}",
    text: [
      "A new password was issued for the domain {domain} on {when}.",
      "The old one is valid until {until}. Please enter the new one in every Push object by then.",
    ],
  },
  rekeyed: {
    subject: "New password for {domain}",
    text: [
      "A new password was issued for the domain {domain} on {when}.",
      "The old one is no longer valid. PBXes that use it are disconnected until the new one is entered.",
    ],
  },
  "old-secret-ended": {
    subject: "The old password of {domain} has ended",
    text: [
      "The old password of the domain {domain} was ended on {when}, before its time. PBXes that still used it are disconnected until the new one is entered.",
    ],
  },
  "address-asked": {
    subject: "Take over {domain}?",
    text: [
      "The owner of the domain {domain} ({other}) asked on {when} that it belong to your address from now on.",
      "If you agree, open this page and confirm. Nothing changes until you do.",
    ],
  },
  "address-changed": {
    subject: "{domain} has another address now",
    text: [
      "The domain {domain} belongs to the address {other} since {when}, as was asked for from your address. Mails about it go there from now on. The password is still valid.",
    ],
  },
  "address-taken": {
    subject: "{domain} is yours now",
    text: [
      "The domain {domain} belongs to your address since {when}. Before, it belonged to {other}. The password is still valid; whoever had it can still use it until you replace it.",
    ],
  },
  released: {
    subject: "{domain} was given up",
    text: [
      "The domain {domain} was given up on {when}. Its password is no longer valid, its PBXes are disconnected, and anybody can register it.",
    ],
  },
  added: {
    subject: "{domain} was set up for you",
    text: [
      "The domain {domain} was set up on {when}, and belongs to your address. If you have not been given its password, you get one on the page of your domain.",
    ],
  },
  deleted: {
    subject: "{domain} was deleted",
    text: ["The domain {domain} was deleted on {when}. Its password is no longer valid, and its PBXes are disconnected."],
  },
  suspended: {
    subject: "{domain} was suspended",
    text: ["The domain {domain} was suspended on {when}. Its PBXes are disconnected and cannot log in until it is resumed."],
  },
  resumed: {
    subject: "{domain} works again",
    text: ["The domain {domain} was resumed on {when}. Its PBXes can log in again, with the same password."],
  },
  disconnected: {
    subject: "The PBXes of {domain} were disconnected",
    text: ["All PBXes of the domain {domain} were disconnected on {when}. They log in again by themselves, with the same password."],
  },
  proven: {
    subject: "{domain} is proven",
    text: ["The domain {domain} was proven by its DNS on {when}. Nobody else can take it at once any more: whoever proves it later has to wait for you."],
  },
  taken: {
    subject: "{domain} belongs to somebody else now",
    text: [
      "The domain {domain} was registered with your address, but never proven. On {when} {other} has proven it by its DNS, and it belongs to that address now, with a new password. Yours is no longer valid, and PBXes that use it are disconnected.",
      "If you command the DNS of this domain, you can prove that as well.",
    ],
  },
  claimed: {
    subject: "Somebody claims {domain}: object until {until}",
    text: [
      "On {when} {other} has proven by the DNS of {domain} to command it, and claims the domain, which belongs to your address.",
      "If you do not agree, open this page and object until {until}. Then the operator of this service decides.",
    ],
  },
  "claim-made": {
    subject: "Your claim to {domain}",
    text: [
      "You have proven by DNS on {when} to command {domain}. It belongs to another address, which has been told and may object until {until}. Then the operator of this service decides, and you hear from us. Please leave the record in the DNS until then.",
    ],
  },
  objected: {
    subject: "Objection to the claim to {domain}",
    text: ["On {when} an objection was made to the claim of {other} to your domain {domain}. The operator of this service decides, and you hear from us."],
  },
  "claim-objected": {
    subject: "Your claim to {domain} meets an objection",
    text: ["The owner of {domain} objected to your claim on {when}. The operator of this service decides, and you hear from us."],
  },
  "claim-granted": {
    subject: "{domain} is yours now",
    text: [
      "Your claim was granted on {when}: {domain} belongs to your address. The old password is no longer valid. On the page of your domain you get a new one.",
    ],
  },
  "claim-lost": {
    subject: "{domain} belongs to somebody else now",
    text: [
      "The operator of this service granted the claim of {other} to {domain} on {when}. The domain belongs to that address now. Your password is no longer valid, and PBXes that use it are disconnected.",
    ],
  },
  "claim-denied": {
    subject: "Your claim to {domain} was denied",
    text: ["The operator of this service denied your claim to {domain} on {when}. The domain stays with its owner."],
  },
  "claim-fended": {
    subject: "{domain} stays yours",
    text: ["The operator of this service denied the claim of {other} to {domain} on {when}. Nothing changes for you."],
  },
  "claim-lapsed": {
    subject: "{domain} stays yours",
    text: ["Nobody decided on the claim of {other} to {domain} in time: it ended on {when}. Nothing changes for you."],
  },
  "claim-ended": {
    subject: "Your claim to {domain} has ended",
    text: [
      "Your claim to {domain} ended on {when} without a decision, or because its owner gave the domain up. You can register the domain or claim it again.",
    ],
  },
  "transferred-away": {
    subject: "{domain} belongs to another address now",
    text: [
      "The operator of this service gave the domain {domain} to the address {other} on {when}. Your password is no longer valid, and PBXes that use it are disconnected.",
    ],
  },
  "transferred-to": {
    subject: "{domain} is yours now",
    text: [
      "The operator of this service gave the domain {domain} to your address on {when}. The old password is no longer valid. On the page of your domain you get a new one.",
    ],
  },
  expiring: {
    subject: "{domain} was never used: its registration ends soon",
    text: [
      "The domain {domain} is registered with your address, but none of its PBXes has ever logged in. Unless one does, the registration ends on {until}.",
      "If you still need it, enter URL and password in the Push object of your PBX. If you have lost the password, register the domain once more or replace the password on its page. If you do not need it, do nothing.",
    ],
  },
  expired: {
    subject: "The registration of {domain} has ended",
    text: [
      "None of the PBXes of {domain} has logged in since it was registered. The registration ended on {when}, and the password is no longer valid. You can register the domain again at any time.",
    ],
  },
};
