package dev.sotto.aggregation;

/**
 * An upload by its site and root.
 *
 * @param site the site
 * @param root 32 bytes
 */
public record UploadRoot(String site, byte[] root) {}
