package dev.attache.filters.http.grpc_json_transcoder.path;

import java.util.List;

/** A value that path or query give to a field. */
public record Binding(List<String> field, String value) {

    public Binding {
        field = List.copyOf(field);
    }
}
