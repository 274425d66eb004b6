package dev.attache.filters.network.ext_authz;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** {@code ext_authz.<stat_prefix>.} of one worker. Loop-confined. */
final class NetworkExtAuthzStats {

    final Cell total;
    final Cell error;
    final Cell denied;
    final Cell disabled;
    final Cell failureModeAllowed;
    final Cell ok;
    final Cell cxClosed;
    final Cell active;

    NetworkExtAuthzStats(Scope scope, int worker) {
        total = scope.counter("total").cell(worker);
        error = scope.counter("error").cell(worker);
        denied = scope.counter("denied").cell(worker);
        disabled = scope.counter("disabled").cell(worker);
        failureModeAllowed = scope.counter("failure_mode_allowed").cell(worker);
        ok = scope.counter("ok").cell(worker);
        cxClosed = scope.counter("cx_closed").cell(worker);
        active = scope.gauge("active").cell(worker);
    }
}
