package dev.sotto.site;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.IdentityPublicKey;

/**
 * What a configuration leads to, read and held against each other: the task, whom the site trusts, its identity and its
 * data.
 */
record SiteSetup(SiteConfig config, TaskDefinition task, Trust trust, IdentityKeyPair identity, SiteDataset data) {
    /**
     * Reads everything a configuration names.
     *
     * @throws ConfigurationException if a file cannot be used, the trust file does not know this site under its key, or the
     *     task stops early on rows held out and there are none
     * @throws DataException if the data cannot be used
     */
    static SiteSetup of(SiteConfig config) {
        TaskDefinition task = TaskDefinition.read(config.task());
        Trust trust = Trust.read(config.trust());
        IdentityKeyPair identity = IdentityFile.read(config.identity());
        IdentityPublicKey listed = trust.site(config.site())
                .orElseThrow(
                        () -> new ConfigurationException("trust file %s does not list site %s; add its public key %s"
                                .formatted(
                                        config.trust(),
                                        config.site(),
                                        identity.publicKey().toBase64())));
        if (!listed.equals(identity.publicKey())) {
            throw new ConfigurationException("trust file %s lists site %s under another key than that of identity %s"
                    .formatted(config.trust(), config.site(), config.identity()));
        }
        if (trust.server(Trust.COORDINATION).isEmpty()) {
            throw new ConfigurationException(
                    "trust file %s has no servers.coordination; without its key nothing can be believed"
                            .formatted(config.trust()));
        }
        int sites = trust.allowed().size();
        if (sites < task.rounds().minCohort()) {
            throw new ConfigurationException(
                    "trust file %s lists %d sites but the task asks for a cohort of at least %d"
                            .formatted(config.trust(), sites, task.rounds().minCohort()));
        }
        SiteDataset data = SiteDataset.read(
                config.data(), task.columns(), task.design(), BertUpdate.seed(config.site() + "/" + task.task()));
        if (task.training().earlyStop() > 0 && data.validation().isEmpty()) {
            throw new ConfigurationException(
                    "no row is held out, at data.validationShare %s, but the task's training.earlyStop %d looks at such rows; raise the share, for example to 0.1"
                            .formatted(
                                    config.data().get(0).validationShare(),
                                    task.training().earlyStop()));
        }
        return new SiteSetup(config, task, trust, identity, data);
    }

    KafkaProperties kafka() {
        return new KafkaProperties(config.bootstrap(), config.kafka());
    }
}
