package dev.attache.xds.client;

import dev.attache.xds.ControlPlaneStats;
import dev.attache.xds.UpdateJournal;

/** Tells the journal what is counted of a stream. Main loop only. */
record JournaledStats(ControlPlaneStats stats, UpdateJournal.Stream journal)
        implements ControlPlaneStats {

    @Override
    public void connected(boolean is) {
        stats.connected(is);
        journal.connected(is);
    }

    @Override
    public void identifier(String text) {
        stats.identifier(text);
        journal.identifier(text);
    }

    @Override
    public void pendingRequests(int requests) {
        stats.pendingRequests(requests);
    }

    @Override
    public void rateLimitEnforced() {
        stats.rateLimitEnforced();
    }
}
