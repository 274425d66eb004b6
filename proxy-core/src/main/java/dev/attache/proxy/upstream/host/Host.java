package dev.attache.proxy.upstream.host;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.UpstreamInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of one cluster as the process knows it. Keeps its identity while the control plane
 * keeps the address, whatever else changes: pools, numbers and health stay with it. Owned by its
 * cluster's membership on the main thread, which writes what can change; read by every worker.
 *
 * <p>Global by nature: health flags and weight, one volatile read each. Numbers are per worker.
 */
public final class Host implements Pick, HealthFlags {

    /** Why a host is not usable, or only as a last resort; Envoy's host health flags. */
    public enum Flag {
        FAILED_ACTIVE_HC("failed_active_hc"),
        FAILED_OUTLIER_CHECK("failed_outlier_check"),
        FAILED_EDS_HEALTH("failed_eds_health"),
        DEGRADED_ACTIVE_HC("degraded_active_hc"),
        DEGRADED_EDS_HEALTH("degraded_eds_health"),
        PENDING_DYNAMIC_REMOVAL("pending_dynamic_removal"),
        PENDING_ACTIVE_HC("pending_active_hc"),
        EXCLUDED_VIA_IMMEDIATE_HC_FAIL("excluded_via_immediate_hc_fail"),
        ACTIVE_HC_TIMEOUT("active_hc_timeout"),
        EDS_STATUS_DRAINING("eds_status_draining"),
        DEGRADED_OUTLIER_DETECTION("degraded_outlier_detection");

        private final String text;
        private final int bit = 1 << ordinal();

        Flag(String text) {
            this.text = text;
        }

        /** As in {@code health_flags} of {@code /clusters}, without the leading slash. */
        public String text() {
            return text;
        }
    }

    private static final List<String> CANARY_PATH = List.of("canary");
    private static final MetadataValue CANARY = new MetadataValue.Bool(true);
    private static final int UNHEALTHY_BITS =
            Flag.FAILED_ACTIVE_HC.bit
                    | Flag.FAILED_OUTLIER_CHECK.bit
                    | Flag.FAILED_EDS_HEALTH.bit
                    | Flag.EDS_STATUS_DRAINING.bit;
    private static final int DEGRADED_BITS =
            Flag.DEGRADED_ACTIVE_HC.bit
                    | Flag.DEGRADED_EDS_HEALTH.bit
                    | Flag.DEGRADED_OUTLIER_DETECTION.bit;
    private static final int EXCLUDED_BITS =
            Flag.PENDING_ACTIVE_HC.bit
                    | Flag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL.bit
                    | Flag.EDS_STATUS_DRAINING.bit;
    private static final VarHandle FLAGS;

    static {
        try {
            FLAGS = MethodHandles.lookup().findVarHandle(Host.class, "flags", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile Address address;
    private volatile long usableSinceNanos;
    private volatile int priority;
    private volatile Locality locality;
    private volatile EndpointSpec spec;
    private volatile int flags;
    private volatile OutlierMonitor monitor = OutlierMonitor.NONE;
    private volatile HealthMonitor healthMonitor = HealthMonitor.NONE;
    private volatile @Nullable HostCells[] cells = new @Nullable HostCells[0];

    /**
     * @param address where to connect; for DNS clusters the resolved one, which may {@link #move}
     * @param priority level of the endpoint, 0 is the highest
     */
    public Host(
            EndpointSpec spec,
            Address address,
            Locality locality,
            int priority,
            long createdNanos) {
        this.spec = spec;
        this.address = address;
        this.locality = locality;
        this.priority = priority;
        this.usableSinceNanos = createdNanos;
        update(spec, locality, priority);
    }

    /** Writes into what a stream tells of its host that this is it. */
    public void describe(UpstreamInfo info) {
        Locality where = locality;
        info.host = address;
        info.hostname = hostname();
        info.hostMetadata = metadata();
        info.region = where.region();
        info.zone = where.zone();
        info.subZone = where.subZone();
    }

    public Address address() {
        return address;
    }

    /** Others to race against {@link #address()} (happy eyeballs), without it. */
    public List<Address> additionalAddresses() {
        return spec.additionalAddresses();
    }

    /** Empty where none is known. */
    public String hostname() {
        return spec.hostname();
    }

    public int weight() {
        return spec.weight();
    }

    /** Level of the endpoint, 0 is the highest. */
    public int priority() {
        return priority;
    }

    public Locality locality() {
        return locality;
    }

    public Metadata metadata() {
        return spec.metadata();
    }

    /** {@code envoy.lb} metadata says {@code canary: true}. */
    public boolean canary() {
        return CANARY.equals(spec.metadata().get("envoy.lb", CANARY_PATH));
    }

    public EndpointSpec spec() {
        return spec;
    }

    /** When it became known, or later became healthy by active checks; on the workers' clock. */
    public long usableSinceNanos() {
        return usableSinceNanos;
    }

    /** Main thread: active checks have found it healthy. */
    public void usableSince(long nanos) {
        this.usableSinceNanos = nanos;
    }

    /**
     * Main thread: the control plane says something else of the same address. Weight, metadata and
     * its view of health follow at once; place and views with the next {@link HostSet}.
     */
    public void update(EndpointSpec next, Locality nextLocality, int nextPriority) {
        this.spec = next;
        this.locality = nextLocality;
        this.priority = nextPriority;
        HealthStatus health = next.healthStatus();
        set(Flag.FAILED_EDS_HEALTH, health.failed());
        set(Flag.DEGRADED_EDS_HEALTH, health == HealthStatus.DEGRADED);
        set(Flag.EDS_STATUS_DRAINING, health == HealthStatus.DRAINING);
    }

    /** Main thread: its name leads elsewhere; who is dialled next gets to hear of it. */
    public void move(EndpointSpec next, Address to) {
        this.spec = next;
        this.address = to;
    }

    @Override
    public boolean has(Flag flag) {
        return (flags & flag.bit) != 0;
    }

    /** Any thread; one compare-and-set. Views change when the next {@link HostSet} is published. */
    @Override
    public void set(Flag flag, boolean on) {
        int old = flags;
        while (!FLAGS.compareAndSet(this, old, on ? old | flag.bit : old & ~flag.bit)) {
            old = flags;
        }
    }

    public boolean healthy() {
        return (flags & (UNHEALTHY_BITS | DEGRADED_BITS)) == 0;
    }

    public boolean degraded() {
        int now = flags;
        return (now & UNHEALTHY_BITS) == 0 && (now & DEGRADED_BITS) != 0;
    }

    /**
     * Left out of the count of hosts when load is spread over priorities and localities: a first
     * health check is pending, or the host is on its way out.
     */
    public boolean excluded() {
        return (flags & EXCLUDED_BITS) != 0;
    }

    /** Hears how requests fare. */
    public OutlierMonitor monitor() {
        return monitor;
    }

    /** Main thread. */
    public void monitor(OutlierMonitor next) {
        this.monitor = next;
    }

    /** Hears what answers say of its health. */
    public HealthMonitor healthMonitor() {
        return healthMonitor;
    }

    /** Main thread. */
    public void healthMonitor(HealthMonitor next) {
        this.healthMonitor = next;
    }

    /** {@code health_flags} as {@code /clusters} prints it: {@code healthy}, or the flags. */
    public String healthFlagsText() {
        int now = flags;
        if (now == 0) {
            return "healthy";
        }
        StringBuilder text = new StringBuilder();
        for (Flag flag : Flag.values()) {
            if ((now & flag.bit) != 0) {
                text.append('/').append(flag.text());
            }
        }
        return text.toString();
    }

    /** The numbers of worker {@code index}; made on first use. */
    public HostCells cells(int index) {
        @Nullable HostCells[] now = cells;
        HostCells cell = index < now.length ? now[index] : null;
        return cell != null ? cell : createCells(index);
    }

    private synchronized HostCells createCells(int index) {
        @Nullable HostCells[] now = cells;
        HostCells known = index < now.length ? now[index] : null;
        if (known != null) {
            return known;
        }
        @Nullable HostCells[] grown = Arrays.copyOf(now, Math.max(now.length, index + 1));
        HostCells created = new HostCells();
        grown[index] = created;
        cells = grown;
        return created;
    }

    /** Sum over all workers, for {@code /clusters} and for least request. */
    public long stat(HostCells.Stat stat) {
        long sum = 0;
        for (HostCells cell : cells) {
            if (cell != null) {
                sum += cell.get(stat);
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
