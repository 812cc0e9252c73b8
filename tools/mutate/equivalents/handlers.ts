import type { Equivalent } from "./equivalent.ts";

export const IN_HANDLERS: readonly Equivalent[] = [
  {
    file: "lambdas/handlers/admin/service.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no address either",
  },
  {
    file: "lambdas/handlers/registration/registration.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that names no ticket either",
  },
  {
    file: "lambdas/handlers/shared/html.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no link, and no type of a page either",
  },
  {
    file: "lambdas/handlers/shared/routes.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no type of a body either",
  },
  {
    file: "lambdas/handlers/shared/routes.ts",
    original: '(request.headers["content-type"] ?? "").split(";")[0]?.trim',
    replacement: '(request.headers["content-type"] ?? "").split(";")[0].trim',
    because: "a split text has a first part",
  },
  {
    file: "lambdas/handlers/shared/routes.ts",
    original: "{ return undefined; }",
    replacement: "{}",
    because: "a function that ends returns undefined",
  },
  {
    file: "lambdas/handlers/web/access-links.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no link and has no six digits either",
  },
  {
    file: "lambdas/handlers/web/owner.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no name, address, form token or note either",
  },
];
