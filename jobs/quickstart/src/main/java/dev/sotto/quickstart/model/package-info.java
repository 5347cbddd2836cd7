/** {@code sotto model}: what lies in a model store, whether it holds, and how to go back. */
@NullMarked
package dev.sotto.quickstart.model;

import org.jspecify.annotations.NullMarked;
