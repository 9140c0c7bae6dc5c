//! Asks AWS for whole lists: page after page to the last token, within the rate that AWS allows, again when it is
//! too busy, and anew when an answer is lost.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sts::config::SharedCredentialsProvider;

use super::sessions::{Sessions, Who};
use crate::aws::Fault;
use crate::collect::clock::Clock;
use crate::settings::Interruption;

/// How long a night waits for one list, beside the time that answers take.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// The longest single wait, and the first.
const WAIT: (Duration, Duration) = (Duration::from_secs(20), Duration::from_millis(500));

/// Most pages of one list: a token that never ends must not fill the memory.
const PAGES: usize = 50_000;

/// One page, and the token of the next.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

/// What waits for AWS.
pub(super) struct Asking {
    pub(super) clock: Clock,
    pub(super) interruption: Interruption,
    /// How long one list may be waited for.
    pub(super) patience: Duration,
}

/// How much of the patience with one list is used up.
#[derive(Debug, Default)]
pub(super) struct Patience {
    waited: Duration,
    tries: u32,
}

impl Asking {
    /// All pages of a list that `who` may see, no more than `rate` of them in a second.
    ///
    /// An answer that is lost may have used up its page, and a page that is asked for twice may then come empty
    /// although nothing is wrong: such a list is begun anew.
    pub(super) async fn whole<T, A, F>(
        &self,
        sessions: &Sessions,
        who: &Who,
        rate: u32,
        ask: A,
    ) -> Result<Vec<T>, Arc<str>>
    where
        A: Fn(SharedCredentialsProvider, Option<String>) -> F,
        F: Future<Output = Result<Page<T>, Fault>>,
    {
        let mut patience = Patience::default();
        let mut next_at = Duration::ZERO;
        'anew: loop {
            let (mut items, mut token, mut pages) = (Vec::new(), None::<String>, 0);
            let mut is_renewed = false;
            loop {
                let session = sessions.of(who, self).await?;
                self.clock.wait_until(next_at).await;
                if self.interruption.is_requested() {
                    return Err("the run was told to end".into());
                }
                next_at = self.clock.elapsed() + Duration::from_secs(1) / rate;
                match ask(session.provider.clone(), token.clone()).await {
                    Ok(page) => {
                        is_renewed = false;
                        pages += 1;
                        items.extend(page.items);
                        let Some(next) = page.next.filter(|next| !next.is_empty()) else {
                            return Ok(items);
                        };
                        if token.as_ref() == Some(&next) || pages >= PAGES {
                            return Err("its pages do not end".into());
                        }
                        token = Some(next);
                    }
                    Err(Fault::Expired(_)) if !is_renewed => {
                        is_renewed = true;
                        sessions.forget(who, session.number).await;
                    }
                    Err(fault @ Fault::Throttled(_)) => self.wait(&mut patience, &fault).await?,
                    Err(fault @ Fault::Lost(_)) => {
                        self.wait(&mut patience, &fault).await?;
                        continue 'anew;
                    }
                    Err(fault) => return Err(Arc::clone(fault.reason())),
                }
            }
        }
    }

    /// Waits before asking again; why not, when the patience is at its end.
    pub(super) async fn wait(&self, patience: &mut Patience, fault: &Fault) -> Result<(), Arc<str>> {
        let longest = WAIT.0.min(WAIT.1.saturating_mul(1 << patience.tries.min(10)));
        patience.tries += 1;
        // Full jitter: many lists that were throttled together must not come back together.
        let chance = RandomState::new().hash_one(patience.tries) % 1000;
        let wait = longest * u32::try_from(chance).unwrap_or(1000) / 1000;
        if patience.waited + wait > self.patience {
            let (seconds, reason) = (self.patience.as_secs(), fault.reason());
            return Err(match seconds / 60 {
                0 => format!("{reason}, again and again for {seconds} seconds"),
                minutes => format!("{reason}, again and again for {minutes} minutes"),
            }
            .into());
        }
        patience.waited += wait;
        self.clock.wait_until(self.clock.elapsed() + wait).await;
        Ok(())
    }
}
