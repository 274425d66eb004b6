package dev.attache.filters.http.jwt_authn;

import dev.attache.filters.jwt.JwtStatus;
import org.jspecify.annotations.Nullable;

/**
 * A requirement on its way to a verdict, for one request. It may be asked to wait for keys; then
 * its verdict comes later. Loop-confined.
 */
abstract sealed class Check permits TokenCheck, GroupCheck, Check.Passed {

    private final Verification run;
    private final @Nullable GroupCheck group;
    private @Nullable JwtStatus verdict;

    /**
     * @param group who waits for the verdict; null: the request
     */
    Check(Verification run, @Nullable GroupCheck group) {
        this.run = run;
        this.group = group;
    }

    /** Nothing was asked. */
    static final class Passed extends Check {
        Passed(Verification run, @Nullable GroupCheck group) {
            super(run, group);
        }

        @Override
        void start() {
            decide(JwtStatus.OK);
        }
    }

    static Check of(Requirement requirement, Verification run, @Nullable GroupCheck group) {
        return switch (requirement) {
            case Requirement.Nothing nothing -> new Passed(run, group);
            case Requirement.OfProvider one -> new TokenCheck(one, run, group);
            case Requirement.OfAny any -> new TokenCheck(any, run, group);
            case Requirement.Any any -> new GroupCheck.Any(any, run, group);
            case Requirement.All all -> new GroupCheck.All(all, run, group);
        };
    }

    /** Begins; the verdict may be there when this returns. */
    abstract void start();

    Verification run() {
        return run;
    }

    boolean isDecided() {
        return verdict != null;
    }

    /** The verdict, once it is there; until then as if there were no token. */
    JwtStatus verdict() {
        return verdict == null ? JwtStatus.MISSED : verdict;
    }

    /** Gives the verdict, once. */
    void decide(JwtStatus status) {
        if (verdict != null) {
            return;
        }
        verdict = status;
        if (group == null) {
            run.decided(status);
        } else {
            group.memberDecided(status);
        }
    }
}
