/** What crosses a topic: the topic catalogue, signed envelopes, keys and the codecs between the domain and Avro. */
@NullMarked
package dev.sotto.contracts;

import org.jspecify.annotations.NullMarked;
