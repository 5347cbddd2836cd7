package dev.sotto.federation;

/**
 * A server optimizer's step on a slice.
 *
 * @param model the next slice
 * @param moments what the next step needs
 */
public record ServerStep(float[] model, Moments moments) {}
