package dev.sotto.coordination.protocol;

/**
 * What is left of a site's bundle once it is in the transcript and its rounds have their parts.
 *
 * @param hash what the seal covers: {@code SignedRecord.hash()}
 * @param content SHA-256 of its payload, by which a repeat is known
 */
public record DealtBundle(byte[] hash, byte[] content) {}
