package dev.attache.filters.http.grpc_json_transcoder.json;

/** What a JSON text consists of, in its order; names are empty within lists and at the root. */
public interface JsonEvents {

    void startObject(String name);

    void endObject();

    void startList(String name);

    void endList();

    void value(String name, Scalar value);
}
