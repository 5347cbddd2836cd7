package dev.sotto.site;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.SiteId;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Four sites and the servers with fresh keys, and the task they share. */
final class Parties {
    static final SecureRandom RANDOM = new SecureRandom();

    final TaskDefinition task;
    final SortedMap<SiteId, IdentityKeyPair> keys = new TreeMap<>();
    final IdentityKeyPair coordination = IdentityKeyPair.generate(RANDOM);
    final Trust trust;

    Parties() {
        this(TaskDefinition.read(resource("task.yaml")));
    }

    Parties(TaskDefinition task) {
        this.task = task;
        for (String id : new String[] {"bank-a", "bank-b", "bank-c", "bank-d"}) {
            keys.put(new SiteId(id), IdentityKeyPair.generate(RANDOM));
        }
        Map<String, String> sites = keys.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().value(),
                        entry -> entry.getValue().publicKey().toBase64()));
        this.trust = new Trust(
                sites, Map.of(Trust.COORDINATION, coordination.publicKey().toBase64()));
    }

    static Path resource(String name) {
        try {
            return Path.of(Parties.class.getResource("/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    SortedSet<SiteId> sites() {
        return (SortedSet<SiteId>) ((TreeMap<SiteId, IdentityKeyPair>) keys).navigableKeySet();
    }

    EnvelopeSigner signer(SiteId site) {
        return new EnvelopeSigner(site.value(), keys.get(site));
    }
}
