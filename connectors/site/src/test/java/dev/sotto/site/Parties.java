package dev.sotto.site;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.federation.StrictYaml;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.SiteId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Some sites and the servers with fresh keys, and the task they share. */
final class Parties {
    static final SecureRandom RANDOM = new SecureRandom();

    final TaskDefinition task;
    final SortedMap<SiteId, IdentityKeyPair> keys = new TreeMap<>();
    final IdentityKeyPair coordination;
    final Trust trust;

    Parties() {
        this(TaskDefinition.read(resource("task.yaml")));
    }

    Parties(TaskDefinition task) {
        this(task, 4);
    }

    Parties(TaskDefinition task, int sites) {
        this.task = task;
        this.coordination = IdentityKeyPair.generate(RANDOM);
        for (int i = 0; i < sites; i++) {
            keys.put(new SiteId("bank-" + (char) ('a' + i)), IdentityKeyPair.generate(RANDOM));
        }
        Map<String, String> allowed = keys.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().value(),
                        entry -> entry.getValue().publicKey().toBase64()));
        this.trust = new Trust(
                allowed, Map.of(Trust.COORDINATION, coordination.publicKey().toBase64()));
    }

    /** The same with the operator's key in the trust files too. */
    Parties(Parties others, IdentityKeyPair operator) {
        this.task = others.task;
        this.keys.putAll(others.keys);
        this.coordination = others.coordination;
        this.trust = new Trust(
                others.trust.sites(),
                Map.of(
                        Trust.COORDINATION,
                        coordination.publicKey().toBase64(),
                        Trust.OPERATOR,
                        operator.publicKey().toBase64()));
    }

    /** The task of the resources with pieces of its text replaced, each by the one after it. */
    static TaskDefinition task(String... replaced) {
        try {
            String text = Files.readString(resource("task.yaml"));
            for (int i = 0; i < replaced.length; i += 2) {
                if (!text.contains(replaced[i])) {
                    throw new IllegalArgumentException(replaced[i]);
                }
                text = text.replace(replaced[i], replaced[i + 1]);
            }
            return StrictYaml.read(
                    new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "task", TaskDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
