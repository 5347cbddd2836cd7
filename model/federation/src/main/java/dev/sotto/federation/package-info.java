/** Federated learning as plain values: the task, the model's parameters, the update encoding and the server's step. */
@NullMarked
package dev.sotto.federation;

import org.jspecify.annotations.NullMarked;
