package dev.sotto.site;

/**
 * A masked upload as it was stored before it was sent.
 *
 * @param manifest the signed manifest
 * @param entries the masked vector, little-endian 32-bit integers
 */
record StoredUpload(byte[] manifest, byte[] entries) {}
