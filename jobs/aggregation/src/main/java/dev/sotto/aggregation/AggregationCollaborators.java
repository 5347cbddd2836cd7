package dev.sotto.aggregation;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.federation.ModelStore;
import dev.sotto.privacy.ReleaseNoise;

/**
 * What operators open where they run: these hold secrets or connections, which never travel with the job graph.
 *
 * @param signer the job's identity
 * @param noise what stands between an exact sum and its publication
 * @param models where checkpoints lie
 */
public record AggregationCollaborators(
        Opener<EnvelopeSigner> signer, Opener<ReleaseNoise> noise, Opener<ModelStore> models) {}
