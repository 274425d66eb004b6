package dev.attache.server.plane.version;

/** A lease that is given back once, however often it is closed. */
public final class OnceLease implements Lease {

    private final Runnable end;
    private boolean ended;

    public OnceLease(Runnable end) {
        this.end = end;
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            end.run();
        }
    }
}
