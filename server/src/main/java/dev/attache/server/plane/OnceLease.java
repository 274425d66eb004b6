package dev.attache.server.plane;

/** A lease that is given back once, however often it is closed. */
final class OnceLease implements Lease {

    private final Runnable end;
    private boolean ended;

    OnceLease(Runnable end) {
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
