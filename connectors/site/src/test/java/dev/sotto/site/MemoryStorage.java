package dev.sotto.site;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A journal's storage on the heap, which outlives a killed site of the same test. */
final class MemoryStorage implements JournalStorage {
    final TreeMap<String, byte[]> files = new TreeMap<>();

    @Override
    public Optional<byte[]> read(String name) {
        return Optional.ofNullable(files.get(name)).map(byte[]::clone);
    }

    @Override
    public void write(String name, byte[] bytes) {
        files.put(name, bytes.clone());
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public List<String> names(String prefix) {
        return files.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    @Override
    public void close() {}
}
