package dev.attache.agent.identity;

/** A request to sign, of a key that nobody keeps. */
public final class TestRequests {

    private TestRequests() {}

    /** PEM. */
    public static String request() {
        KeySpec spec = new KeySpec("secp256r1", 0, false);
        return SigningRequest.of(
                spec.generate(), spec.signature(), "spiffe://cluster.local/ns/default/sa/server");
    }
}
