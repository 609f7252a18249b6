-- Applicants who came by a log, and the people they turn out to be.

-- The address that a log gives an applicant with, in small letters, until the application is joined
-- to a person: by whoever signs in with that address verified, or by a lead.
ALTER TABLE application ADD COLUMN email VARCHAR;
