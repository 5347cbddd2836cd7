package dev.sotto.federation;

/**
 * The shape of a base encoder.
 *
 * @param layers encoder layers
 * @param hidden width of the encoder
 */
public record BaseShape(int layers, int hidden) {}
