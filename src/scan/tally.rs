//! What has come of a round so far: records it, and holds back what may be our own line's fault.

use chrono::{DateTime, Utc};
use xuncha_model::{
    Reason,
    facts::LookOutcome,
    scan::{Report, SCHEMA, SiteResult},
};
use xuncha_probe::{Target, line::LineState};
use xuncha_store::{Changes, ScanState, SiteRecord};

use crate::{
    Error, Progress, baseline,
    blame::{may_be_ours, too_many, unsee},
    round::{Answer, Plan, Sight, not_reached},
    site::{self, Judged, skipped},
};

/// How many held failures make the first look at the line in mid-round worth its requests.
const FIRST_CHECK: usize = 3;
/// How many doubtful looks are kept in memory before the line is looked at for their sake.
const MOST_DOUBTFUL: usize = 64;

pub(crate) struct Tally<'a> {
    plan: &'a Plan<'a>,
    scan: Option<i64>,
    targets: &'a [Target],
    results: Vec<Option<SiteResult>>,
    /// Failed as they would if our line were cut; not yet recorded.
    held: Vec<(usize, Box<Judged>)>,
    /// Failed twice, or opened with a part that failed so: recorded when our line was seen to be up after them.
    doubtful: Vec<(usize, Box<Judged>)>,
    /// Sites looked at since our line was last known to be up.
    looked: usize,
    /// Sites that showed something of themselves in this round.
    seen: usize,
    /// How many must be held before the line is looked at again in mid-round; doubles, so that references are spared.
    next_check: usize,
    line: Option<(Reason, String)>,
    broken: Option<xuncha_store::Error>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(plan: &'a Plan<'a>, scan: Option<i64>, targets: &'a [Target]) -> Self {
        Self {
            plan,
            scan,
            targets,
            results: targets.iter().map(|_| None).collect(),
            held: Vec::new(),
            doubtful: Vec::new(),
            looked: 0,
            seen: 0,
            next_check: FIRST_CHECK,
            line: None,
            broken: None,
        }
    }

    /// Our line is known to be down.
    pub(crate) fn line_down(&self) -> bool {
        self.line.is_some()
    }

    /// Notes that our line is down, and tells it.
    pub(crate) fn line_is_down(&mut self, reason: Reason, detail: String) {
        let told = Progress::LineDown { reason: reason.clone(), detail: detail.clone() };
        (self.plan.progress)(told);
        self.line = Some((reason, detail));
    }

    /// Takes one answer: records it, or holds it back. Gives back whom to look at once more.
    pub(crate) async fn take<S: Sight>(
        &mut self,
        sight: &S,
        index: usize,
        again: bool,
        answer: Answer,
    ) -> Vec<usize> {
        match answer {
            Answer::Bug(what) => self.bug(index, &what),
            Answer::Judged(judged) if may_be_ours(&judged.result) && !again => {
                self.looked += 1;
                self.held.push((index, judged));
                let many = self.held.len() >= self.next_check;
                if many && !self.line_down() && too_many(self.held.len(), self.looked) {
                    self.next_check *= 2;
                    return self.check(sight).await;
                }
            }
            Answer::Judged(judged) => {
                let counts = !again && judged.result.outcome != LookOutcome::Skipped;
                self.looked += usize::from(counts);
                if judged.touched || again && may_be_ours(&judged.result) {
                    self.doubtful.push((index, judged));
                } else {
                    self.keep(index, *judged).await;
                }
                if self.doubtful.len() >= MOST_DOUBTFUL && !self.line_down() {
                    return self.check(sight).await;
                }
            }
        }
        Vec::new()
    }

    /// Decides about what is held and what is doubtful when every answer is in. Gives back whom to look at once more.
    pub(crate) async fn settle<S: Sight>(&mut self, sight: &S) -> Vec<usize> {
        let mut again = Vec::new();
        let many = too_many(self.held.len(), self.looked);
        if !self.line_down() && (many || !self.doubtful.is_empty()) {
            again = self.check(sight).await;
        }
        if self.line.is_none() {
            self.release().await;
        }
        again
    }

    /// Nothing is left that our line could still tell of.
    pub(crate) fn settled(&self) -> bool {
        self.line_down() || (self.held.is_empty() && self.doubtful.is_empty())
    }

    /// Looks at our line. When it is up, what was doubtful stands, and when too many are held, they are to be looked at once
    /// more: the line may have been down before.
    async fn check<S: Sight>(&mut self, sight: &S) -> Vec<usize> {
        match sight.line().await {
            LineState::Down { reason, detail } => self.line_is_down(reason, detail),
            LineState::Up { .. } => {
                for (index, judged) in std::mem::take(&mut self.doubtful) {
                    self.keep(index, *judged).await;
                }
                if too_many(self.held.len(), self.looked) {
                    self.looked = 0;
                    return std::mem::take(&mut self.held).into_iter().map(|held| held.0).collect();
                }
            }
        }
        Vec::new()
    }

    /// A failure of ours, told as that.
    fn bug(&mut self, index: usize, what: &str) {
        let target = &self.targets[index];
        tracing::error!(site = site::name(target), what, "a bug of ours stopped this look");
        let result = skipped(self.plan.rules, self.plan.register, target, Reason::SelfBug);
        self.done(index, result, Vec::new());
    }

    /// What is held is the sites' own doing.
    async fn release(&mut self) {
        self.looked = 0;
        for (index, judged) in std::mem::take(&mut self.held) {
            self.keep(index, *judged).await;
        }
    }

    /// Records a look, and puts it into the report.
    async fn keep(&mut self, index: usize, judged: Judged) {
        let Judged { facts, json, verdicts, mut result, touched: _ } = judged;
        self.seen += usize::from(result.outcome != LookOutcome::Skipped);
        let mut changes = Changes::new();
        if let (Some(store), Some(scan), Target::Registered(registered), None) =
            (self.plan.store, self.scan, &self.targets[index], &self.broken)
        {
            let judged = verdicts
                .iter()
                .filter_map(|verdict| Some((self.plan.rules.rule(&verdict.rule)?, verdict)))
                .collect::<Vec<_>>();
            let record = SiteRecord {
                site: &registered.id,
                observed_at: facts.observed_at,
                outcome: result.outcome,
                reason: &result.reason,
                requests: facts.requests,
                sample: site::sample(&facts),
                facts: &json,
                judged: &judged,
                score: &result.scoring,
            };
            match store.record(scan, &record).await {
                Ok(moved) => changes = moved,
                Err(error) => self.broken = Some(error),
            }
            let kept = baseline::keep(store, registered, &facts).await;
            self.broken = self.broken.take().or(kept.err());
        }
        if self.plan.keep_facts {
            result.facts = Some(Box::new(facts));
        }
        self.done(index, result, changes);
    }

    fn done(&mut self, index: usize, result: SiteResult, changes: Changes) {
        (self.plan.progress)(Progress::Done {
            site: result.id.clone(),
            outcome: result.outcome,
            findings: result.findings.len(),
            changes,
        });
        self.results[index] = Some(result);
    }

    /// What is held showed our line, not the sites: judged again without it.
    async fn unsee_held(&mut self, reason: &Reason, detail: &str) {
        let held = std::mem::take(&mut self.held);
        for (index, judged) in held.into_iter().chain(std::mem::take(&mut self.doubtful)) {
            let mut facts = judged.facts;
            unsee(&mut facts, reason, detail);
            match site::judge(self.plan.rules, &self.targets[index], facts) {
                Ok(judged) => self.keep(index, judged).await,
                Err(error) => self.bug(index, &error.to_string()),
            }
        }
    }

    /// Ends the round: the report, or what broke here together with it.
    pub(crate) async fn finish(
        mut self,
        started_at: DateTime<Utc>,
        stopped: bool,
    ) -> Result<Report, Error> {
        let line = self.line.clone();
        let (void, void_detail) = match &line {
            None => (Reason::Ok, String::new()),
            // nothing at all was seen: the whole round counts for nothing
            Some((reason, detail)) if self.seen == 0 => (reason.clone(), detail.clone()),
            Some((reason, detail)) => {
                self.unsee_held(reason, detail).await;
                (
                    Reason::Ok,
                    format!("our own line went down during the round ({reason}): {detail}"),
                )
            }
        };
        let finished_at = (self.plan.clock)();
        if let (Some(store), Some(scan)) = (self.plan.store, self.scan) {
            let whole = !stopped && self.broken.is_none();
            let state = if whole { ScanState::Finished } else { ScanState::Interrupted };
            let ended = store.finish_scan(scan, finished_at, state, &void, &void_detail).await;
            self.broken = self.broken.take().or(ended.err());
        }
        let (plan, targets) = (self.plan, self.targets);
        let missed =
            |target| skipped(plan.rules, plan.register, target, not_reached(line.as_ref()));
        let results = self.results.into_iter().zip(targets);
        let sites = results.map(|(result, target)| result.unwrap_or_else(|| missed(target)));
        let report = Report {
            schema: SCHEMA.to_owned(),
            started_at,
            finished_at,
            vantage: plan.vantage.to_owned(),
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            rules_version: plan.rules.version().to_owned(),
            city: plan.register.city.name.clone(),
            void,
            void_detail,
            sites: sites.collect(),
        };
        match self.broken {
            None => Ok(report),
            Some(source) => Err(Error::Recording { source, report: Box::new(report) }),
        }
    }
}
