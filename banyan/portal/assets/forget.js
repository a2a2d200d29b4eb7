/* On the pages of signing in and out: nobody is signed in, so no lesson of the reader before stays on this phone. */
import { forget } from "./lesson/forget.js";

forget();
