#!/usr/bin/env node
import { launch } from "./shared/launch.js";

launch("pbx.ts");
