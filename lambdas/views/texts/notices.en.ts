/**
 * Emails about changes of a domain, by kind (core/domains/notice.ts). `{other}` is the other party's email address,
 * `{source}` the network address of a request.
 */
export const notices = {
  greeting: "Hello,",
  /** Where owners go; under every email without a link of its own. */
  manage: "Manage your domain here:",
  /** The same, under an email to someone who no longer has the domain. */
  reclaim: "If you control the domain's DNS, you can prove that here:",
  life: "The link works once, until {until}. It is for you only: do not forward this email.",
  button: "Open the domain's page",
  byOperator: "The operator of this service made this change. If you have questions, contact the operator.",
  notYou:
    "If it wasn't you, someone else can read your email. Secure your mailbox, replace the password on your domain's page, and tell the operator of this service.",
  notYouGone:
    "If it wasn't you, someone else can read your email. Secure your mailbox, and tell the operator of this service right away: they can give the domain back to you.",
  ignore: "If it wasn't you, ignore this email and nothing changes.",

  access: {
    subject: "Your link to {domain}",
    text: [
      "Someone, probably you, requested the page of the domain {domain} at the push service on {when}. On this page, an owner sees which PBXes are connected, replaces the password, changes the address or deletes the registration. If you control the domain's DNS, you can prove that there.",
    ],
  },
  joined: {
    subject: "Password of {domain} shown in another Connect window",
    text: [
      "On {when}, someone used the link in an email to you to show the password of {domain} in another Connect window. That window was opened from the address {source}.",
      "The password has not changed. If you entered a code that someone else gave you, they may now have the password: replace it.",
    ],
  },
  replaced: {
    subject: "New password for {domain}",
    text: [
      "A new password was issued for the domain {domain} on {when}.",
      "PBXes that use the old one keep working until {until}. Enter the new one in every Push object by then.",
    ],
  },
  rekeyed: {
    subject: "New password for {domain}",
    text: [
      "A new password was issued for the domain {domain} on {when}.",
      "The old one is no longer valid. PBXes that use it are disconnected until you enter the new one.",
    ],
  },
  "old-secret-ended": {
    subject: "Old passwords of {domain} are no longer valid",
    text: [
      "The old passwords of the domain {domain} were ended early, on {when}. PBXes that still used one are disconnected until you enter the current one.",
    ],
  },
  "address-asked": {
    subject: "Take over {domain}?",
    text: [
      "{other}, the owner of the domain {domain}, asked to hand it to you on {when}.",
      "If you agree, open this page and confirm. Until then, nothing changes.",
    ],
  },
  "address-changed": {
    subject: "{domain} has a new owner",
    text: [
      "As you requested, {other} now owns {domain} (since {when}). Emails about it go there from now on. The password is still valid.",
    ],
  },
  "address-taken": {
    subject: "{domain} is now yours",
    text: [
      "You have owned the domain {domain} since {when}. Before that, it belonged to {other}. The password is still valid, and anyone who has it can use it until you replace it.",
    ],
  },
  released: {
    subject: "The registration of {domain} was deleted",
    text: [
      "The registration of {domain} was deleted on {when}. Its password is no longer valid, its PBXes are disconnected, and anyone can register it.",
    ],
  },
  added: {
    subject: "{domain} was set up for you",
    text: [
      "The domain {domain} was set up for you on {when}. If you were not given its password, get one on your domain's page.",
    ],
  },
  deleted: {
    subject: "{domain} was deleted",
    text: [
      "The domain {domain} was deleted on {when}. Its password is no longer valid, and its PBXes are disconnected.",
    ],
  },
  suspended: {
    subject: "{domain} was suspended",
    text: [
      "The domain {domain} was suspended on {when}. Its PBXes are disconnected and cannot log in until it is resumed.",
    ],
  },
  resumed: {
    subject: "{domain} works again",
    text: ["The domain {domain} was resumed on {when}. Its PBXes can log in again, with the same password."],
  },
  disconnected: {
    subject: "The PBXes of {domain} were disconnected",
    text: [
      "All PBXes of the domain {domain} were disconnected on {when}. They log in again automatically, with the same password.",
    ],
  },
  proven: {
    subject: "Control of {domain} is proved",
    text: [
      "Control of the domain {domain} was proved through DNS on {when}. From now on, nobody can take it without giving you 7 days to object.",
    ],
  },
  taken: {
    subject: "{domain} now belongs to someone else",
    text: [
      "The domain {domain} was registered with your address, but you never proved control of it. On {when}, {other} proved a right to it, through DNS or by an address at the domain or a name above it, and now owns it, with a new password. Your password is no longer valid, and PBXes that use it are disconnected.",
      "If you control the DNS of this domain, you can prove that as well.",
    ],
  },
  claimed: {
    subject: "Someone is claiming {domain}: you can object until {until}",
    text: [
      "{other} proved control of {domain} through DNS on {when} and is claiming the domain, which belongs to you.",
      "If you do not agree, open this page and object by {until}. After that, the operator of this service decides.",
    ],
  },
  "claim-made": {
    subject: "Your claim to {domain}",
    text: [
      "You proved control of {domain} through DNS on {when}. It is already in use. If it has an owner, we email them, and they can object until {until}. After that, the operator of this service decides, and we'll email you. Leave the record in the DNS until then.",
    ],
  },
  objected: {
    subject: "Objection to the claim to {domain}",
    text: [
      "On {when}, an objection was made to the claim of {other} to your domain {domain}. The operator of this service decides, and we'll email you.",
    ],
  },
  "claim-objected": {
    subject: "The owner of {domain} objected to your claim",
    text: [
      "The owner of {domain} objected to your claim on {when}. The operator of this service decides, and we'll email you.",
    ],
  },
  "claim-granted": {
    subject: "{domain} is now yours",
    text: [
      "Your claim was granted on {when}: {domain} now belongs to you. The old password is no longer valid. Get a new one on your domain's page.",
    ],
  },
  "claim-lost": {
    subject: "{domain} now belongs to someone else",
    text: [
      "The operator of this service granted the claim of {other} to {domain} on {when}. The domain now belongs to that address. Your password is no longer valid, and PBXes that use it are disconnected.",
    ],
  },
  "claim-denied": {
    subject: "Your claim to {domain} was denied",
    text: ["The operator of this service denied your claim to {domain} on {when}. The domain stays as it is."],
  },
  "claim-fended": {
    subject: "{domain} stays yours",
    text: ["The operator of this service denied the claim of {other} to {domain} on {when}. Nothing changes for you."],
  },
  "claim-lapsed": {
    subject: "{domain} stays yours",
    text: ["The claim of {other} to {domain} was not decided in time and ended on {when}. Nothing changes for you."],
  },
  "claim-ended": {
    subject: "Your claim to {domain} has ended",
    text: [
      "Your claim to {domain} ended on {when}, without a decision or because its owner deleted the registration. You can register the domain or claim it again.",
    ],
  },
  "transferred-away": {
    subject: "{domain} now belongs to another address",
    text: [
      "The operator of this service gave the domain {domain} to the address {other} on {when}. Your password is no longer valid, and PBXes that use it are disconnected.",
    ],
  },
  "transferred-to": {
    subject: "{domain} is now yours",
    text: [
      "The operator of this service gave the domain {domain} to you on {when}. The old password is no longer valid. Get a new one on your domain's page.",
    ],
  },
  expiring: {
    subject: "{domain} has never been used: its registration ends soon",
    text: [
      "The domain {domain} is registered with your address, but none of its PBXes has ever logged in. Unless one does, the registration ends on {until}.",
      "If you still need it, enter the URL and the password in the Push object of your PBX. If you have lost the password, register the domain again or replace the password on its page. If you no longer need it, do nothing.",
    ],
  },
  expired: {
    subject: "The registration of {domain} has ended",
    text: [
      "None of the PBXes of {domain} has logged in since it was registered. The registration ended on {when}, and the password is no longer valid. You can register the domain again at any time.",
    ],
  },
};
