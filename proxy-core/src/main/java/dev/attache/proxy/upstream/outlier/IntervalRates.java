package dev.attache.proxy.upstream.outlier;

import dev.attache.proxy.upstream.spec.OutlierSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What the hosts of one cluster answered in the interval that has just ended, and which of them
 * stand out by it. Main thread.
 */
final class IntervalRates {

    /** Who is to blame for what a rate counts: where its numbers are, and what it ejects for. */
    enum Origin {
        /** The hosts' answers; everything, where the two are not told apart. */
        EXTERNAL(0, Ejection.SUCCESS_RATE, Ejection.FAILURE_PERCENTAGE),
        /** What happened on our side of the connections. */
        LOCAL_ORIGIN(
                2, Ejection.LOCAL_ORIGIN_SUCCESS_RATE, Ejection.LOCAL_ORIGIN_FAILURE_PERCENTAGE);

        private final int at;
        private final Ejection byRate;
        private final Ejection byShare;

        Origin(int at, Ejection byRate, Ejection byShare) {
            this.at = at;
            this.byRate = byRate;
            this.byShare = byShare;
        }
    }

    private final OutlierSpec spec;
    private final List<HostOutlier> hosts;

    /** For each host: requests and successes by answers, then those of our side. */
    private final long[][] numbers;

    private IntervalRates(OutlierSpec spec, List<HostOutlier> hosts) {
        this.spec = spec;
        this.hosts = hosts;
        this.numbers = new long[hosts.size()][];
    }

    /** Ends the hosts' interval: their counts begin anew, their own rates are what it gave. */
    static IntervalRates take(OutlierSpec spec, Collection<HostOutlier> hosts) {
        IntervalRates rates = new IntervalRates(spec, List.copyOf(hosts));
        for (int i = 0; i < rates.numbers.length; i++) {
            HostOutlier host = rates.hosts.get(i);
            rates.numbers[i] = host.interval();
            host.successRate = rates.known(i, Origin.EXTERNAL);
            host.localSuccessRate = rates.known(i, Origin.LOCAL_ORIGIN);
        }
        return rates;
    }

    /**
     * Finds those that stand out, by the spread of all rates first, then by a fixed share of
     * failures.
     *
     * @param detected told of each, which it may eject at once
     * @return the mean and the line below which a host stands out
     */
    SuccessRates judge(Origin origin, BiConsumer<HostOutlier, Ejection> detected) {
        SuccessRates rates = judgeBySpread(origin, detected);
        judgeByShare(origin, detected);
        return rates;
    }

    private SuccessRates judgeBySpread(Origin origin, BiConsumer<HostOutlier, Ejection> detected) {
        var byRate = spec.successRate();
        List<Integer> busy = busy(origin, byRate.requestVolume());
        if (busy.isEmpty() || busy.size() < byRate.minimumHosts()) {
            return SuccessRates.UNKNOWN;
        }
        double sum = 0;
        for (int i : busy) {
            sum += rate(i, origin);
        }
        double mean = sum / busy.size();
        double squares = 0;
        for (int i : busy) {
            squares += Math.pow(rate(i, origin) - mean, 2);
        }
        double line = mean - Math.sqrt(squares / busy.size()) * byRate.stdevFactor() / 1000;
        for (int i : busy) {
            if (rate(i, origin) < line) {
                detected.accept(hosts.get(i), origin.byRate);
            }
        }
        return new SuccessRates(mean, line);
    }

    private void judgeByShare(Origin origin, BiConsumer<HostOutlier, Ejection> detected) {
        var byShare = spec.failurePercentage();
        List<Integer> busy = busy(origin, byShare.requestVolume());
        if (busy.size() < byShare.minimumHosts()) {
            return;
        }
        for (int i : busy) {
            if (100 - rate(i, origin) >= byShare.threshold()) {
                detected.accept(hosts.get(i), origin.byShare);
            }
        }
    }

    /** A host's rate, where one of the two judgements has enough requests to use it. */
    private double known(int host, Origin origin) {
        int volume =
                Math.min(
                        spec.successRate().requestVolume(),
                        spec.failurePercentage().requestVolume());
        return isBusy(host, origin, volume) ? rate(host, origin) : -1;
    }

    private List<Integer> busy(Origin origin, int volume) {
        List<Integer> busy = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            if (isBusy(i, origin, volume)) {
                busy.add(i);
            }
        }
        return busy;
    }

    private boolean isBusy(int host, Origin origin, int volume) {
        long requests = numbers[host][origin.at];
        return !hosts.get(host).ejection.active() && requests > 0 && requests >= volume;
    }

    private double rate(int host, Origin origin) {
        return 100.0 * numbers[host][origin.at + 1] / numbers[host][origin.at];
    }
}
