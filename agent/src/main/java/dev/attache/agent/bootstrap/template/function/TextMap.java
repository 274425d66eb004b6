package dev.attache.agent.bootstrap.template.function;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/** A map of text by text: {@code map[string]string}, in which nothing is {@code nil}. */
public final class TextMap extends AbstractMap<String, Object> {

    private final Map<String, Object> entries;

    /**
     * @param entries of which every value is a text
     */
    public TextMap(Map<String, Object> entries) {
        this.entries = entries;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return entries.entrySet();
    }
}
