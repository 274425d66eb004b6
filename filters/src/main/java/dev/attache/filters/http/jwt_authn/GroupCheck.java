package dev.attache.filters.http.jwt_authn;

import dev.attache.filters.jwt.JwtStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several requirements of which one, or each, has to be met. */
abstract sealed class GroupCheck extends Check {

    private final List<Check> members;
    private int decided;

    private GroupCheck(
            List<Requirement> requirements, Verification run, @Nullable GroupCheck group) {
        super(run, group);
        this.members = new ArrayList<>(requirements.size());
        for (int i = 0; i < requirements.size(); i++) {
            members.add(of(requirements.get(i), run, this));
        }
    }

    /** Begins with each that is still needed, also while others wait. */
    @Override
    void start() {
        for (int i = 0; i < members.size() && !isDecided(); i++) {
            members.get(i).start();
        }
    }

    void memberDecided(JwtStatus status) {
        if (isDecided()) {
            return;
        }
        decided++;
        boolean last = decided == members.size();
        if (settles(status)) {
            decide(status);
        } else if (last) {
            decide(together(members));
        }
    }

    /** Whether no other member matters any more. */
    abstract boolean settles(JwtStatus status);

    /** The verdict when none has settled it. */
    abstract JwtStatus together(List<Check> members);

    /** {@code requires_any}. */
    static final class Any extends GroupCheck {
        private final Requirement.Any requirement;

        Any(Requirement.Any requirement, Verification run, @Nullable GroupCheck group) {
            super(requirement.members(), run, group);
            this.requirement = requirement;
        }

        @Override
        boolean settles(JwtStatus status) {
            return status == JwtStatus.OK;
        }

        /** What says most: not that there is no token, nor that it is somebody else's. */
        @Override
        JwtStatus together(List<Check> members) {
            JwtStatus most = JwtStatus.MISSED;
            for (int i = 0; i < members.size(); i++) {
                JwtStatus status = members.get(i).verdict();
                boolean telling = status != JwtStatus.MISSED && status != JwtStatus.UNKNOWN_ISSUER;
                if (telling || most == JwtStatus.MISSED) {
                    most = status;
                }
            }
            boolean allowed =
                    requirement.allowFailed()
                            || requirement.allowMissing() && most == JwtStatus.MISSED;
            return allowed ? JwtStatus.OK : most;
        }
    }

    /** {@code requires_all}. */
    static final class All extends GroupCheck {
        All(Requirement.All requirement, Verification run, @Nullable GroupCheck group) {
            super(requirement.members(), run, group);
        }

        @Override
        boolean settles(JwtStatus status) {
            return status != JwtStatus.OK;
        }

        @Override
        JwtStatus together(List<Check> members) {
            return JwtStatus.OK;
        }
    }
}
