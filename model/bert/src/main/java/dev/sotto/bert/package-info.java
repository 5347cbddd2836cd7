/** The federated BERT: loads the base encoder, trains an adapter, compiles it for scoring and explains its scores. */
@NullMarked
package dev.sotto.bert;

import org.jspecify.annotations.NullMarked;
