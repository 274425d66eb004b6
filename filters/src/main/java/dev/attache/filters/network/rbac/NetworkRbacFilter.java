package dev.attache.filters.network.rbac;

import dev.attache.filters.rbac.AccessEngine;
import dev.attache.filters.rbac.AccessStats;
import dev.attache.filters.rbac.Facts;
import dev.attache.filters.rbac.RbacLog;
import dev.attache.filters.rbac.Verdict;
import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One connection: decides when its first bytes have come. Loop-confined. */
final class NetworkRbacFilter implements NetworkFilter.Inspecting {

    private static final String METADATA = "envoy.filters.network.rbac";

    private final NetworkRbacSpec spec;
    private final AccessStats stats;
    private final Connection connection;
    private boolean decided;
    private boolean denied;
    private @Nullable Timer delay;

    NetworkRbacFilter(NetworkRbacSpec spec, AccessStats stats, Connection connection) {
        this.spec = spec;
        this.stats = stats;
        this.connection = connection;
    }

    @Override
    public Status onData(ByteBuf data, boolean end) {
        if (denied) {
            return Status.STOP;
        }
        if (!decided || spec.continuous()) {
            decided = true;
            decide();
        }
        return denied ? Status.STOP : Status.CONTINUE;
    }

    private void decide() {
        AccessEngine shadow = spec.shadow();
        AccessEngine enforced = spec.enforced();
        if (shadow == null && enforced == null) {
            return;
        }
        Facts facts = Facts.ofConnection(connection.info());
        RbacLog.checking(facts);
        if (shadow != null) {
            Verdict verdict = shadow.decide(facts);
            stats.count(verdict, false);
            facts.dynamicMetadata().merge(METADATA, verdict.told());
        }
        if (enforced != null) {
            Verdict verdict = enforced.decide(facts);
            stats.count(verdict, false);
            verdict.hint(facts.dynamicMetadata());
            if (!verdict.allowed()) {
                deny(verdict);
            }
        }
    }

    private void deny(Verdict verdict) {
        denied = true;
        connection.info().terminationDetails(verdict.details());
        if (spec.delayMillis() == 0) {
            close();
            return;
        }
        connection.input().hold();
        Timer timer =
                new Timer() {
                    @Override
                    protected void expire() {
                        close();
                    }
                };
        delay = timer;
        connection.worker().timers().schedule(timer, spec.delayMillis());
    }

    private void close() {
        connection.closeFor(CloseType.NO_FLUSH, "rbac_deny_close");
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        Timer armed = delay;
        if (armed != null) {
            armed.cancel();
        }
    }
}
