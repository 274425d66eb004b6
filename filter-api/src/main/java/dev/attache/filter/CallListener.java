package dev.attache.filter;

/** Who waits for the answer of a call. One of the two is called, once, on the stream's worker. */
@Stable(since = "0.1", implementedByAuthors = true)
public interface CallListener {

    void onResponse(CallResponse response);

    void onFailure(CallException why);
}
