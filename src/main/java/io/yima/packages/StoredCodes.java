package io.yima.packages;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.FieldError;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.codes.ApplicationKey;
import io.yima.codes.ApplicationState;
import io.yima.codes.CodeApplication;
import io.yima.codes.CodeApplications;
import io.yima.codes.Ledger;
import io.yima.secrets.Sealer;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands out codes of packages that are stored, and has others fetched. */
@ApplicationScoped
class StoredCodes {

  private static final Duration SOON = Duration.ofSeconds(5);

  private final ProviderTransactions transactions;
  private final CodesSettings settings;
  private final DamagedPackages damaged;
  private final Sealer sealer;
  private final AuditTrail audit;
  private final WorkLoops loops;
  private final Clock clock;

  /** What was found, or the problem that is answered instead. */
  private record Found(@Nullable CodeSelection selection, @Nullable HttpProblem problem) {}

  StoredCodes(
      ProviderTransactions transactions,
      CodesSettings settings,
      DamagedPackages damaged,
      Sealer sealer,
      AuditTrail audit,
      WorkLoops loops,
      Clock clock) {
    this.transactions = transactions;
    this.settings = settings;
    this.damaged = damaged;
    this.sealer = sealer;
    this.audit = audit;
    this.loops = loops;
    this.clock = clock;
  }

  /**
   * Codes that the caller is about to get, which the audit trail keeps. Throws the problems of the
   * contract when they are not all there; what is wanted is fetched from then on.
   *
   * @param codeStart null: from the first
   * @param codeEnd null: up to the last
   * @param as for the trail
   */
  CodeSelection select(
      ApplicationKey key, @Nullable Long codeStart, @Nullable Long codeEnd, String as) {
    Found found =
        transactions.withConnection(
            key.provider(), connection -> find(connection, key, codeStart, codeEnd, as));
    if (found.problem() != null) {
      loops.wake(PackageDownloads.KIND);
      throw found.problem();
    }
    if (found.selection() == null) {
      throw new IllegalStateException("neither codes nor a problem");
    }
    return found.selection();
  }

  /** {@link #select} for one code; 404 when the application has none of this index. */
  CodeSelection selectOne(ApplicationKey key, long codeIndex, String as) {
    CodeApplication application =
        Ledger.find(transactions, key).orElseThrow(CodeApplications::notFound);
    if (codeIndex >= application.order().codeCount()) {
      throw noSuchCode();
    }
    return select(key, codeIndex, codeIndex, as);
  }

  /** The packages of an application, in order. */
  Page<PackageState> packages(ApplicationKey key, PageRequest page) {
    long after = page.after(parts -> Long.parseLong(parts.getFirst())).orElse(-1L);
    List<PackageState> packages = PackageSearch.page(transactions, key, after, page.limitPlusOne());
    if (packages.isEmpty() && Ledger.find(transactions, key).isEmpty()) {
      throw CodeApplications.notFound();
    }
    return Page.of(packages, page, one -> List.of(Long.toString(one.range().codeStart())));
  }

  static HttpProblem noSuchCode() {
    return Problems.notFound("code_not_found", "The application has no code of this index.");
  }

  /** Opens packages one chunk after the other. */
  CodeReader reader(CodeSelection selection) {
    return new CodeReader(settings::storeOf, this::key, damaged::found, selection);
  }

  private DataKey key(StoredPackage content) {
    return DataKey.of(
        sealer.open(PackageRecords.place(content.key()), content.sealedKey().array()));
  }

  private Found find(
      Connection connection,
      ApplicationKey key,
      @Nullable Long codeStart,
      @Nullable Long codeEnd,
      String as)
      throws SQLException {
    CodeApplication application =
        Ledger.find(connection, key).orElseThrow(CodeApplications::notFound);
    CodeRange range = range(application, codeStart, codeEnd);
    if (application.state() != ApplicationState.FINISHED) {
      throw notFinished();
    }
    List<PackageState> packages = PackageSearch.within(connection, key, range);
    List<CodeSelection.Part> parts = CodeSelection.parts(packages, range);
    if (parts.isEmpty()) {
      throw notFinished();
    }
    List<PackageState> missing =
        parts.stream().map(CodeSelection.Part::of).filter(one -> !one.isStored()).toList();
    if (!missing.isEmpty()) {
      PackageRecords.demand(connection, key, range, clock.instant());
      return new Found(null, notReady(missing));
    }
    audit.record(
        AuditEntry.of(AuditAction.CODES_READ, key.authorizer())
            .object(key.isvApplicationId())
            .detail("%d..%d as %s".formatted(range.codeStart(), range.codeEnd(), as)));
    return new Found(new CodeSelection(range, parts), null);
  }

  private static CodeRange range(
      CodeApplication application, @Nullable Long codeStart, @Nullable Long codeEnd) {
    long last = application.order().codeCount() - 1;
    long start = codeStart == null ? 0 : codeStart;
    long end = codeEnd == null ? last : codeEnd;
    List<FieldError> errors = new ArrayList<>();
    if (start > last) {
      errors.add(new FieldError("code_start", "must be at most " + last));
    }
    if (end > last) {
      errors.add(new FieldError("code_end", "must be at most " + last));
    }
    if (errors.isEmpty() && end < start) {
      errors.add(new FieldError("code_end", "must not be less than code_start"));
    }
    if (!errors.isEmpty()) {
      throw Problems.invalid(errors);
    }
    return new CodeRange(start, end);
  }

  private static HttpProblem notFinished() {
    return Problems.conflict(
        "codes_not_finished", "WeChat has not made all of these codes yet: see the application.");
  }

  private static HttpProblem notReady(List<PackageState> missing) {
    LastError error = missing.getFirst().lastError();
    String code = error == null ? "" : error.code();
    if (code.equals(PackageCalls.KEY_MISSING) || code.equals(PackageCalls.KEY_INVALID)) {
      return Problems.conflict(code, String.valueOf(error == null ? null : error.remedy()));
    }
    return HttpProblem.builder(
            Problems.conflict(
                "codes_not_ready",
                "%d of the packages with these codes are not fetched yet: ask again, or see what is in the way in …/packages."
                    .formatted(missing.size())))
        .withHeader("Retry-After", SOON.toSeconds())
        .build();
  }
}
