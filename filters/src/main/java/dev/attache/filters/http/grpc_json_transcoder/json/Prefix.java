package dev.attache.filters.http.grpc_json_transcoder.json;

import java.util.List;

/** Puts what a body says into a field of the message: objects open around its root. */
public final class Prefix implements JsonEvents {
    private final List<String> path;
    private final JsonEvents to;
    private int depth;

    public Prefix(List<String> path, JsonEvents to) {
        this.path = List.copyOf(path);
        this.to = to;
    }

    private String open(String name) {
        String next = name;
        for (String each : path) {
            to.startObject(next);
            next = each;
        }
        return next;
    }

    private void close() {
        for (int i = 0; i < path.size(); i++) {
            to.endObject();
        }
    }

    @Override
    public void startObject(String name) {
        to.startObject(depth++ == 0 ? open(name) : name);
    }

    @Override
    public void endObject() {
        to.endObject();
        if (--depth == 0) {
            close();
        }
    }

    @Override
    public void startList(String name) {
        to.startList(depth++ == 0 ? open(name) : name);
    }

    @Override
    public void endList() {
        to.endList();
        if (--depth == 0) {
            close();
        }
    }

    @Override
    public void value(String name, Scalar value) {
        if (depth > 0) {
            to.value(name, value);
            return;
        }
        to.value(open(name), value);
        close();
    }
}
