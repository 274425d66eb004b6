package dev.attache.agent.bootstrap.template.function;

import java.util.AbstractList;
import java.util.List;

/** A list of text: {@code []string}. */
final class TextList extends AbstractList<Object> {

    private final List<String> items;

    TextList(List<String> items) {
        this.items = List.copyOf(items);
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
