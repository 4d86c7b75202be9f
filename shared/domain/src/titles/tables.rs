//! The tables of phrases: French, English and some German; masculine singular, other forms are brought to it.

use super::lexicon::{Firmness, Level};
use super::ranks::{Function, Seniority};

/// Phrases of one meaning, parted by semicolons.
pub struct Group {
    pub level: Level,
    pub function: Option<(Function, Firmness)>,
    pub noun: bool,
    pub phrases: &'static str,
}

pub(super) const fn rank(level: Seniority, function: Option<(Function, Firmness)>, phrases: &'static str) -> Group {
    Group { level: Level::Rank(level), function, noun: true, phrases }
}

const fn adjective(level: Seniority, phrases: &'static str) -> Group {
    Group { level: Level::Adjective(level), function: None, noun: false, phrases }
}

pub(super) const fn trade(function: Function, phrases: &'static str) -> Group {
    Group { level: Level::Unstated, function: Some((function, Firmness::Trade)), noun: true, phrases }
}

pub(super) const fn generic(function: Function, phrases: &'static str) -> Group {
    Group { level: Level::Unstated, function: Some((function, Firmness::Generic)), noun: true, phrases }
}

/// Assistants of a department; its function is theirs.
pub(super) const fn assistant(function: Function, phrases: &'static str) -> Group {
    Group { level: Level::Assistant, function: Some((function, Firmness::Trade)), noun: true, phrases }
}

/// A function of its own, for a rank.
pub(super) const fn trade_of(function: Function) -> Option<(Function, Firmness)> {
    Some((function, Firmness::Trade))
}

const fn open(phrases: &'static str) -> Group {
    Group { level: Level::Unstated, function: None, noun: true, phrases }
}

pub(super) const fn field(function: Function, phrases: &'static str) -> Group {
    Group { level: Level::Unstated, function: Some((function, Firmness::Field)), noun: false, phrases }
}

use Firmness::{Default, General, Generic, Trade};
use Function as F;
use Seniority as S;

/// All groups; of two equal phrases the earlier group counts.
pub const GROUPS: &[Group] = &[
    // Levels and the ranks that carry a function of their own.
    rank(
        S::Founder,
        Some((F::GeneralManagement, General)),
        "fondateur; owner operator; owner-operator; propriétaire exploitant; cofondateur; co-fondateur; founder; cofounder; co-founder; founding partner; entrepreneur; serial entrepreneur; solopreneur; owner; co-owner; business owner; company owner; propriétaire; copropriétaire; gérant propriétaire; créateur d'entreprise; créateur de l'agence; créateur de la société; créateur de la marque; créateur du cabinet; créateur du studio; créateur de la maison; créateur de l'atelier; créateur et dirigeant; créateur et gérant; Gründer; Gründerin; Mitgründer; Mitgründerin; Inhaber; Inhaberin; oprichter; chef d'entreprise fondateur; repreneur",
    ),
    rank(
        S::Founder,
        Some((F::Hospitality, Trade)),
        "chef-propriétaire; chef propriétaire; propriétaire chef; restaurateur propriétaire",
    ),
    rank(
        S::CLevel,
        Some((F::GeneralManagement, General)),
        "CEO; PDG; P-DG; DG; DGA; DGD; DGS; chief executive officer; chief executive; président; président-directeur général; président directeur général; co-président; gérant; co-gérant; cogérant; dirigeant; codirigeant; co-dirigeant; chef d'entreprise; chefs d'entreprise; chef de la direction; président et chef de la direction; administrateur délégué; administrateur-délégué; directeur général; directeur général adjoint; directeur général délégué; codirecteur général; Geschäftsführer; Geschäftsführerin; Geschäftsführender Gesellschafter; zaakvoerder; gedelegeerd bestuurder; MD; managing director; general manager; director general; patron; mandataire social; president; président du directoire; gérant associé; CEO adjoint; deputy CEO; group CEO; chairman; chairwoman; chair",
    ),
    rank(
        S::CLevel,
        Some((F::Consulting, Generic)),
        "partner; managing partner; senior partner; equity partner; founding associate; associé; associé gérant; associé principal; general partner",
    ),
    rank(
        S::CLevel,
        Some((F::Engineering, Trade)),
        "CTO; chief technology officer; chief technical officer; chief engineering officer; CTPO; chief scientific officer; chief science officer",
    ),
    rank(
        S::CLevel,
        Some((F::It, Trade)),
        "CIO; CISO; CSIO; chief information officer; chief information security officer; chief security officer; chief digital officer; chief digital and information officer; chief digital information officer; chief transformation officer; group CIO",
    ),
    rank(
        S::CLevel,
        Some((F::Finance, Trade)),
        "CFO; chief financial officer; chief finance officer; chef de la direction financière; chief risk officer; chief investment officer; chief accounting officer; group CFO",
    ),
    rank(
        S::CLevel,
        Some((F::Operations, Trade)),
        "COO; chief operating officer; chief operations officer; chef de l'exploitation; chef des opérations; chief supply chain officer; chief sustainability officer; chief quality officer; chief administrative officer",
    ),
    rank(
        S::CLevel,
        Some((F::Marketing, Trade)),
        "CMO; chief marketing officer; chief growth officer; chief communications officer; chief communication officer; chief brand officer; chief content officer; chef de la direction marketing",
    ),
    rank(
        S::CLevel,
        Some((F::Sales, Trade)),
        "CRO; chief revenue officer; chief commercial officer; CCO; chief sales officer; chief business officer; chief business development officer; chief partnerships officer; CSO",
    ),
    rank(S::CLevel, Some((F::Product, Trade)), "CPO; chief product officer; chief product and technology officer; CPTO"),
    rank(
        S::CLevel,
        Some((F::Hr, Trade)),
        "CHRO; chief people officer; chief human resources officer; chief hr officer; chief talent officer; chief people and culture officer; chief learning officer",
    ),
    rank(
        S::CLevel,
        Some((F::Data, Trade)),
        "CDO; chief data officer; chief data and ai officer; chief data & ai officer; chief ai officer; chief analytics officer; CDAO; CAIO; chief data and analytics officer",
    ),
    rank(
        S::CLevel,
        Some((F::Legal, Trade)),
        "CLO; chief legal officer; chief compliance officer; chief privacy officer; general counsel officer",
    ),
    rank(S::CLevel, Some((F::Purchasing, Trade)), "chief procurement officer; chief purchasing officer"),
    rank(
        S::CLevel,
        Some((F::CustomerSuccess, Trade)),
        "chief customer officer; chief experience officer; chief customer success officer; CXO",
    ),
    rank(S::CLevel, Some((F::Design, Trade)), "chief design officer; chief creative officer"),
    rank(S::CLevel, Some((F::Health, Trade)), "chief medical officer; chief nursing officer"),
    rank(S::CLevel, Some((F::GeneralManagement, General)), "chief strategy officer; chief officer"),
    rank(
        S::Vp,
        Some((F::GeneralManagement, Default)),
        "VP; SVP; EVP; AVP; RVP; vice-président; vice président; vice president; senior vice president; executive vice president; vice-président exécutif; vice-président principal; senior VP; executive VP; area vice president; regional vice president",
    ),
    rank(
        S::Director,
        Some((F::GeneralManagement, Default)),
        "directeur; director; dir; directeur exécutif; executive director; associate director; senior director; directeur adjoint; codirecteur; co-directeur; directeur régional; directeur associé; director at; direktor; Direktorin",
    ),
    rank(
        S::Director,
        Some((F::GeneralManagement, General)),
        "directeur de cabinet; directeur de filiale; dircab; country director; directeur pays; directeur de business unit; directeur de BU; directeur stratégie; directeur de la stratégie; directeur de la stratégie et du développement",
    ),
    rank(
        S::Director,
        Some((F::Finance, Trade)),
        "DAF; directeur administratif et financier; directeur financier; directeur financier et administratif; finance director; directeur comptable; directeur d'agence bancaire; RAF directeur",
    ),
    rank(
        S::Manager,
        Some((F::Finance, Trade)),
        "RAF; responsable administratif et financier; chef comptable; responsable comptable",
    ),
    rank(
        S::Director,
        Some((F::Hr, Trade)),
        "DRH; DRHA; directeur des ressources humaines; HRD; directeur RH; HR director; directeur du capital humain; directeur des relations humaines",
    ),
    rank(S::Manager, Some((F::Hr, Trade)), "RRH; HRM"),
    rank(
        S::Director,
        Some((F::It, Trade)),
        "DSI; DSIN; directeur des systèmes d'information; directeur des systèmes d'information et du numérique; directeur informatique; directeur des technologies de l'information; directeur TI; DOSI",
    ),
    rank(S::Manager, Some((F::It, Trade)), "RSSI; RSI; DSI adjoint"),
    rank(
        S::Director,
        Some((F::Engineering, Trade)),
        "directeur technique; directeur R&D; directeur de la recherche et du développement; directeur recherche et développement; directeur innovation; directeur de l'innovation; directeur de l'ingénierie; directeur de recherche; technical director; directeur du développement logiciel; directeur technique adjoint",
    ),
    rank(
        S::Director,
        Some((F::Marketing, Trade)),
        "dircom; directeur de la communication; directeur de clientèle en agence; directeur de marque; directeur éditorial; editorial director; directeur de la publicité",
    ),
    rank(
        S::Director,
        Some((F::Design, Trade)),
        "creative director; directeur de création; directeur créatif; design director; directeur de la création; directeur du design",
    ),
    trade(F::Design, "directeur artistique; art director; DA freelance; directeur artistique digital"),
    trade(F::Other, "directeur de la photographie; directeur photo"),
    rank(
        S::Director,
        Some((F::Operations, Trade)),
        "directeur de magasin; directeur de site; directeur d'usine; plant director; directeur de production; directeur industriel; directeur des opérations; directeur d'exploitation; directeur de l'exploitation; directeur logistique; directeur supply chain; directeur qualité; directeur de projet; directeur de projets; project director; program director; programme director; directeur technique de production; store director; directeur QHSE; directeur QSE; directeur HSE; directeur des services généraux; directeur de travaux; directeur des travaux; directeur de point de vente; directeur d'entrepôt",
    ),
    rank(
        S::Director,
        Some((F::Sales, Trade)),
        "account director; directeur de comptes; directeur de comptes clés; directeur grands comptes; directeur commercial; directeur des ventes; directeur de clientèle; directeur du développement; directeur développement; dir com; dir comm; directeur des partenariats; directeur régional des ventes; directeur d'agence commerciale; directeur de la relation commerciale; directeur business development; directeur export",
    ),
    rank(
        S::Director,
        Some((F::Hospitality, Trade)),
        "directeur d'hôtel; directeur de restaurant; directeur d'hébergement; directeur de la restauration; directeur F&B; hotel director; directeur d'hôtels",
    ),
    rank(
        S::Director,
        Some((F::RealEstate, Trade)),
        "directeur d'agence immobilière; directeur immobilier; directeur de patrimoine immobilier; directeur de promotion immobilière",
    ),
    rank(
        S::Director,
        Some((F::Education, Trade)),
        "directeur d'école; directeur d'établissement scolaire; directeur de crèche; directeur pédagogique; directeur académique; directeur des études; academic director; directeur de campus; directeur de master; doyen; proviseur; principal de collège; recteur",
    ),
    rank(
        S::Director,
        Some((F::Health, Trade)),
        "directeur d'ehpad; directeur d'hôpital; directeur de clinique; directeur médical; medical director; directeur des soins; directeur d'établissement médico-social; directeur d'établissement de santé",
    ),
    rank(
        S::Director,
        Some((F::Operations, Default)),
        "directeur d'établissement; directeur d'agence; directeur de programmes; directeur de centre",
    ),
    rank(
        S::Head,
        None,
        "head of; head; global head; deputy head of; chef de service; chef de département; chef de pôle; chef de division; chef du département; Leiter; Leiterin; Abteilungsleiter; hoofd",
    ),
    rank(
        S::Head,
        Some((F::GeneralManagement, General)),
        "chief of staff; chef de cabinet; head of staff; head of country; head of strategy; head of business unit",
    ),
    rank(
        S::Head,
        Some((F::Hospitality, Trade)),
        "chef de cuisine; head chef; executive chef; chef exécutif; chef cuisinier; chef pâtissier; head baker; head sommelier; chef sommelier; chef de bar; head bartender; chef traiteur; chef à domicile; pastry chef; chef concierge",
    ),
    rank(S::Head, Some((F::Legal, Trade)), "head of legal; head of compliance"),
    rank(
        S::Lead,
        Some((F::Operations, Default)),
        "team lead; team leader; teamleader; chef d'équipe; chefs d'équipe; superviseur; supervisor; shift leader; shift lead; shift supervisor; contremaître; foreman; agent de maîtrise; chef de ligne; chef d'atelier; crew leader; group leader; leader d'équipe; leader; Teamleiter; chef de file; team coach; surintendant; line leader; squad lead; chef de quart",
    ),
    rank(
        S::Lead,
        Some((F::Engineering, Trade)),
        "tech lead; technical lead; leader technique; lead tech; lead dev; engineering lead; lead technique; leader tech",
    ),
    rank(
        S::Lead,
        Some((F::Operations, Trade)),
        "chef de chantier; chef d'équipe logistique; chef d'équipe production; warehouse supervisor; superviseur d'entrepôt",
    ),
    rank(
        S::Lead,
        Some((F::CustomerSuccess, Trade)),
        "superviseur centre d'appels; superviseur de centre d'appels; superviseur centre de contact; call center supervisor; call centre supervisor; superviseur service client; superviseur service à la clientèle; superviseur plateau; customer service supervisor; superviseur centre de relation client",
    ),
    rank(
        S::Manager,
        Some((F::Operations, Default)),
        "manager; responsable; cadre; manageur; manager de proximité; encadrant; cadre dirigeant; responsable adjoint; senior manager; team manager; manager d'équipe; area manager; line manager; gestionnaire d'équipe; manager opérationnel; deputy manager; responsable d'équipe",
    ),
    rank(
        S::Manager,
        Some((F::GeneralManagement, General)),
        "country manager; responsable pays; regional manager; responsable de filiale; BU manager; business unit manager; responsable de business unit; responsable BU; branch manager; responsable stratégie",
    ),
    rank(
        S::Manager,
        Some((F::Consulting, Trade)),
        "managing consultant; consulting manager; manager conseil; manager en conseil; strategy manager",
    ),
    rank(
        S::Manager,
        Some((F::Sales, Trade)),
        "chef des ventes; chef de ventes; chef de vente; chef de secteur; chef de zone; sales manager; responsable commercial; responsable grands comptes; responsable développement; responsable développement commercial; responsable business development; responsable du développement; responsable des ventes; business development manager; territory manager; area sales manager; responsable de secteur; responsable secteur; responsable comptes clés; responsable partenariats; responsable clientèle; manager commercial; channel sales manager; responsable ADV; responsable administration des ventes; responsable export; export manager; inside sales manager; responsable d'affaires; responsable affaires; responsable de clientèle; responsable portefeuille clients; responsable de comptes; chef de région; Verkaufsleiter; responsable de zone; commercial manager; business manager",
    ),
    rank(
        S::Manager,
        Some((F::Operations, Trade)),
        "gérant de boutique; gérant de succursale; gérant de magasin; gérant de rayon; gérant de station-service; gérant de plancher; gérant des opérations; gérant d'entrepôt; gérant de département; gérant de production; gérant adjoint; chef de rayon; chef de magasin; chef de production; chef de dépôt; chef de gare; store manager; shop manager; plant manager; warehouse manager; PMO manager; responsable de magasin; responsable magasin; responsable boutique; responsable de site; responsable d'exploitation; responsable de production; responsable logistique; responsable qualité; responsable QHSE; responsable QSE; responsable d'atelier; manager de rayon; responsable de rayon; responsable de boutique; facility manager; facilities manager; responsable de dépôt; responsable d'entrepôt; responsable maintenance; responsable travaux; responsable de projet; responsable de projets; responsable projets; responsable d'agence; responsable administratif; responsable PMO; chef d'agence; chef d'exploitation; chef de parc; directeur de rayon; operations manager; production manager; quality manager; supply chain manager; logistics manager; works manager",
    ),
    rank(
        S::Manager,
        Some((F::Hospitality, Trade)),
        "gérant de restaurant; gérant d'hôtel; gérant de bar; gérant de café; restaurant manager; hotel manager; responsable de restaurant; responsable de salle; bar manager; F&B manager; food and beverage manager; food & beverage manager; front office manager; gouvernant général; responsable hébergement; responsable réception; maître d'hôtel; manager de restaurant; responsable restauration; kitchen manager",
    ),
    rank(
        S::Manager,
        Some((F::Health, Trade)),
        "cadre de santé; cadre infirmier; cadre supérieur de santé; infirmier chef; infirmier en chef; nurse manager; cadre de soins; cadre soignant",
    ),
    rank(
        S::Manager,
        Some((F::Engineering, Trade)),
        "engineering manager; software engineering manager; software development manager; responsable technique; responsable bureau d'études; responsable de bureau d'études; responsable R&D; responsable développement logiciel; responsable innovation; development manager; responsable recherche et développement; responsable méthodes; responsable du développement logiciel; responsable études",
    ),
    rank(
        S::Manager,
        Some((F::Marketing, Trade)),
        "marketing manager; responsable marketing; responsable communication; responsable de la communication; responsable acquisition; responsable du marketing; growth manager; communications manager; communication manager; digital manager; responsable digital; responsable éditorial; responsable événementiel; responsable e-commerce",
    ),
    rank(
        S::Manager,
        Some((F::It, Trade)),
        "responsable support N2; responsable support N1; responsable support technique; IT manager; responsable informatique; responsable SI; responsable des systèmes d'information; responsable infrastructure; responsable TI; responsable sécurité informatique; responsable sécurité des systèmes d'information; security manager; service delivery manager; infrastructure manager; responsable support informatique; responsable applicatif; responsable transformation digitale",
    ),
    rank(
        S::Manager,
        Some((F::Finance, Trade)),
        "finance manager; responsable financier; responsable trésorerie; responsable contrôle de gestion; accounting manager; responsable comptabilité; bank manager; responsable crédit; audit manager",
    ),
    rank(
        S::Manager,
        Some((F::Hr, Trade)),
        "HR manager; people manager; responsable RH; responsable des ressources humaines; responsable ressources humaines; responsable paie; responsable recrutement; responsable formation; talent acquisition manager; recruitment manager; payroll manager; responsable de la formation; people operations manager; people ops manager; responsable développement RH; responsable du recrutement; talent manager; training manager; learning manager; L&D manager; responsable emploi et formation",
    ),
    rank(
        S::Manager,
        Some((F::CustomerSuccess, Trade)),
        "responsable service client; responsable du service client; responsable relation client; responsable de la relation client; responsable support client; responsable expérience client; customer service manager; customer support manager; support manager; customer care manager; responsable SAV; responsable centre d'appels; call center manager; customer experience manager; responsable customer success; responsable service clients; responsable service à la clientèle; responsable succès client; responsable support; manager customer success; manager of customer success",
    ),
    rank(
        S::Manager,
        Some((F::Purchasing, Trade)),
        "responsable achats; responsable des achats; purchasing manager; procurement manager; sourcing manager; responsable approvisionnements",
    ),
    rank(
        S::Manager,
        Some((F::Education, Trade)),
        "responsable pédagogique; responsable de formation; responsable programmes pédagogiques; responsable académique",
    ),
    rank(
        S::Manager,
        Some((F::Product, Trade)),
        "responsable produit; responsable de gamme; responsable gamme; responsable produits; responsable de produit; responsable de produits",
    ),
    rank(S::Manager, Some((F::Design, Trade)), "design manager; responsable design; responsable création; UX manager"),
    rank(S::Manager, Some((F::Legal, Trade)), "responsable juridique; legal manager; compliance manager; responsable conformité"),
    rank(
        S::Manager,
        Some((F::Data, Trade)),
        "data manager; responsable data; analytics manager; responsable BI; BI manager; data science manager; data engineering manager",
    ),
    rank(
        S::Manager,
        Some((F::RealEstate, Trade)),
        "responsable immobilier; responsable gestion locative; responsable de programmes immobiliers; responsable de copropriété",
    ),
    rank(
        S::Intern,
        None,
        "stagiaire; alternant; apprenti; apprentie; intern; en alternance; en apprentissage; en stage; internship; working student; Praktikant; Praktikantin; assistant stagiaire; summer intern; élève avocat; étudiant salarié; apprentice; Werkstudent; stage de fin d'études; co-op student",
    ),
    adjective(S::Lead, "lead"),
    adjective(S::Senior, "senior; sr; confirmé; expérimenté; staff; principal; chevronné"),
    adjective(S::Junior, "junior; jr; débutant; jnr"),
    Group {
        level: Level::Assistant,
        function: Some((F::Operations, Generic)),
        noun: true,
        phrases: "assistant; assistant de direction; assistant personnel; executive assistant; personal assistant; administrative assistant; assistant administratif; assistant exécutif; office assistant; secrétaire; secrétaire de direction; adjoint administratif; adjoint de direction; virtual assistant; assistant virtuel; PA; EA; adjoint exécutif; assistant d'agence; secretary",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Sales, Trade)),
        noun: true,
        phrases: "sales assistant; assistant commercial; assistant ADV; assistant des ventes; assistant export; assistant technico-commercial; assistant administration des ventes; assistant de vente",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Hr, Trade)),
        noun: true,
        phrases: "assistant RH; assistant ressources humaines; HR assistant; assistant de recrutement; assistant recrutement; assistant paie; assistant formation",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Marketing, Trade)),
        noun: true,
        phrases: "assistant marketing; marketing assistant; assistant communication; assistant de communication; assistant chef de produit marketing",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Legal, Trade)),
        noun: true,
        phrases: "assistant juridique; legal assistant; assistant notarial; paralegal; clerc; clerc de notaire; parajuriste; secrétaire juridique",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Finance, Trade)),
        noun: true,
        phrases: "assistant comptable; assistant de gestion; assistant comptabilité; accounting assistant; assistant contrôle de gestion; assistant financier; assistant audit",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Purchasing, Trade)),
        noun: true,
        phrases: "assistant achats; assistant achat; purchasing assistant",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Health, Trade)),
        noun: true,
        phrases: "assistant dentaire; assistant médical; secrétaire médical; medical assistant; aide-soignant",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Education, Trade)),
        noun: true,
        phrases: "assistant d'éducation; teaching assistant; assistant pédagogique; assistant d'enseignement",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::RealEstate, Trade)),
        noun: true,
        phrases: "assistant immobilier; assistant gestion locative; assistant de copropriété; assistant copropriété",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Product, Trade)),
        noun: true,
        phrases: "assistant chef de produit; assistant product manager; assistant produit",
    },
    Group { level: Level::Assistant, function: Some((F::Education, Trade)), noun: true, phrases: "assistant professor" },
    Group {
        level: Level::Assistant,
        function: Some((F::Other, Trade)),
        noun: true,
        phrases: "assistant social; assistant maternel; assistant familial; assistant de service social",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Hospitality, Trade)),
        noun: true,
        phrases: "second de cuisine; sous-chef; sous chef; sous-chef de cuisine",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Operations, Trade)),
        noun: true,
        phrases: "assistant logistique; assistant qualité; assistant store manager; assistant chef de projet; assistant project manager; assistant travaux",
    },
    Group {
        level: Level::Assistant,
        function: Some((F::Design, Trade)),
        noun: true,
        phrases: "assistant directeur artistique; assistant graphiste",
    },
    // Managers of a thing, and trades whose words look like ranks.
    trade(
        F::Sales,
        "account manager; key account manager; KAM; global account manager; strategic account manager; partner manager; partner account manager; channel manager; partnership manager; partnerships manager; alliance manager; alliances manager; channel partner manager; relationship manager; deal manager; bid manager; gestionnaire de comptes; gestionnaire de compte; chargé de comptes; chargé d'affaires; chargé de développement; chargé de développement commercial; chargé de partenariats; responsable de compte clé; ingénieur d'affaires; ingénieur commercial; ingénieur technico-commercial; ingénieur avant-vente; ingénieur avant-ventes; sales engineer; presales engineer; pre-sales engineer; ingénieur avant vente; presales; avant-vente; technico-commercial; AE; account executive; SDR; BDR; ADR; sales development representative; business development representative; business developer; biz dev; bizdev; developpeur commercial; développeur d'affaires; développeur business; business dev; sales representative; sales rep; représentant; représentant commercial; représentant des ventes; VRP; agent commercial; attaché commercial; délégué commercial; conseiller commercial; commercial; commercial terrain; commercial sédentaire; conseiller de vente; conseiller aux ventes; conseiller en vente; vendeur; vendeur-conseil; salesperson; salesman; saleswoman; closer; setter; téléprospecteur; téléopérateur commercial; télévendeur; sales executive; sales specialist; sales consultant; sales advisor; sales associate; inside sales; sales coordinator; sales operations; sales ops; RevOps; revenue operations; sales enablement; sales operations manager; revops manager; sales enablement manager; ADV; administration des ventes; coordinateur commercial; coordonnateur aux ventes; gestionnaire ADV; chargé de clientèle; conseiller clientèle entreprises; apporteur d'affaires; courtier en énergie; merchandiser; conseiller en développement; account strategist; key account executive; growth partner; compte clé; gestionnaire de territoire; customer acquisition specialist; prospecteur; commerçant; animateur des ventes; animateur commercial; promoteur des ventes",
    ),
    trade(
        F::CustomerSuccess,
        "customer success manager; CSM; customer success; client success manager; success manager; technical customer success manager; gestionnaire de la réussite client; customer success specialist; customer success associate; customer success executive; customer support specialist; customer support agent; customer support representative; customer service representative; customer service agent; customer advisor; customer care specialist; conseiller client; conseiller clientèle; conseiller à la clientèle; conseiller service client; téléconseiller; chargé de relation client; chargé de service client; chargé de support client; chargé de la relation client; agent de service à la clientèle; agent de service client; agent au service à la clientèle; préposé au service à la clientèle; customer onboarding manager; onboarding manager; onboarding specialist; implementation manager; chargé de clientèle service après-vente; représentant service à la clientèle; conseiller relation client; customer experience specialist; customer happiness; chargé d'accompagnement client; account coordinator; support specialist; hotliner; conseiller support; customer marketing advocate; client partner",
    ),
    trade(
        F::Product,
        "product manager; PM produit; product owner; PO; chef de produit; chef de produits; chef de produit digital; chef de produit technique; gestionnaire de produit; gestionnaire de produits; group product manager; technical product manager; growth product manager; product builder; product ops; product operations; product analyst; product specialist; chef de gamme; AI product manager; product operations manager; responsable product; product evangelist; data product manager; data product owner; proxy product owner",
    ),
    trade(
        F::Marketing,
        "product marketing manager; product marketer; PMM; community manager; gestionnaire de communauté; gestionnaire de communautés; social media manager; content manager; content strategist; content creator; content marketer; content marketing manager; traffic manager; campaign manager; brand manager; chef de marque; chef de publicité; event manager; event planner; events manager; lifecycle manager; CRM manager; chef de projet marketing; chef de projet digital; chef de projet web; chef de projet communication; chef de projet événementiel; chef de projet SEO; marketing project manager; growth hacker; growth marketer; marketer; marketeur; marketeur digital; copywriter; concepteur-rédacteur; rédacteur; rédacteur web; rédacteur en chef; content writer; writer; créateur de contenu; créateur de contenus; SEO manager; SEO specialist; SEO consultant; media buyer; media planner; acheteur média; traffic specialist; digital marketer; chargé de communication; chargé de marketing; chargé marketing; chargé de contenu; chargé d'événements; chargé de projet événementiel; chargé de la communication; conseiller en communication; conseiller marketing; attaché de presse; PR manager; PR consultant; public relations; spécialiste marketing; coordonnateur marketing; coordinateur marketing; communicant; influenceur; creator; social seller; chef de projet CRM marketing; consultant SEO; consultant SEA; consultant marketing; email marketer; performance marketer; demand generation manager; demand gen manager; acquisition manager; lead generation; lead gen; lead gen manager; lead generation manager; partner marketing manager; field marketing manager; brand strategist; brand content manager; ghostwriter; ghostwriter linkedin; animateur de communauté; chargé d'études marketing; community builder; communications officer; communication officer; marketing officer; planneur stratégique; trade marketing manager; e-commerce manager; ecommerce manager; category marketing manager; editor; UX writer marketing; webmarketeur; webmarketer",
    ),
    trade(
        F::Engineering,
        "ingénieur; engineer; développeur; developer; dev; programmeur; programmer; software engineer; software developer; software architect; architecte logiciel; architecte technique; solution architect; architecte solution; architecte solutions; architecte cloud; cloud architect; DevOps; devops engineer; SRE; site reliability engineer; platform engineer; QA engineer; QA; testeur; tester; ingénieur logiciel; ingénieur qualité logicielle; machine learning engineer logiciel; front-end; back-end; full-stack; fullstack; full stack; hacker; scientist R&D; research scientist; chercheur; researcher; dessinateur; dessinateur-projeteur; projeteur; mécatronicien; roboticien; électronicien; automaticien; technicien bureau d'études; technicien d'études; technicien R&D; développeur mobile; founding engineer; member of technical staff; technologue; webmaster; intégrateur web; intégrateur; technicien méthodes; concepteur mécanique; ingénieur de recherche; chef de projet R&D; chef de projet technique; chef de projet ingénierie; chargé d'études techniques; technical writer; embedded engineer; prompt engineer; concepteur développeur; génie logiciel; sales engineering technologist",
    ),
    trade(
        F::Data,
        "data scientist; data analyst; data engineer; analytics engineer; machine learning engineer; ML engineer; AI engineer; ingénieur data; ingénieur IA; ingénieur en intelligence artificielle; ingénieur machine learning; ingénieur données; analyste de données; analyste données; analyste data; analyste BI; BI analyst; business intelligence analyst; data architect; architecte data; architecte de données; statisticien; statistician; data steward; consultant data; consultant BI; data consultant; BI consultant; chef de projet data; data project manager; scientifique de données; biostatisticien; BI developer; développeur BI; data manager clinique; data journaliste; analytics consultant; data miner; quant; marketing data analyst; développeur décisionnel; ingénieur décisionnel; data product analyst; AI researcher; data viz; head of data science",
    ),
    trade(
        F::It,
        "scrum master; administrateur système; administrateur systèmes; administrateur systèmes et réseaux; administrateur réseau; administrateur réseaux; administrateur de bases de données; administrateur base de données; DBA; sysadmin; system administrator; systems administrator; network administrator; database administrator; IT support; support informatique; technicien informatique; technicien support; technicien support informatique; technicien systèmes et réseaux; technicien réseau; technicien helpdesk; helpdesk; IT technician; IT specialist; support technician; support engineer; ingénieur support; ingénieur systèmes; ingénieur système; ingénieur système et réseau; ingénieur systèmes et réseaux; ingénieur réseau; ingénieur réseaux; ingénieur sécurité; ingénieur cybersécurité; ingénieur infrastructure; ingénieur cloud; network engineer; system engineer; systems engineer; security engineer; cloud engineer; infrastructure engineer; cybersecurity engineer; cybersecurity analyst; security analyst; analyste cybersécurité; analyste SOC; SOC analyst; pentester; consultant cybersécurité; consultant SAP; consultant ERP; consultant CRM; consultant Salesforce; SAP consultant; ERP consultant; CRM consultant; salesforce consultant; salesforce administrator; salesforce admin; administrateur salesforce; architecte SI; architecte d'entreprise; enterprise architect; urbaniste SI; chef de projet informatique; chef de projet SI; chef de projet IT; chef de projet AMOA; chef de projet MOA; chef de projet ERP; chef de projet CRM; chef de projet SAP; IT project manager; IT business partner; IT consultant; consultant IT; consultant SI; consultant informatique; consultant fonctionnel; consultant technique; consultant transformation digitale; consultant AMOA; analyste fonctionnel; analyste programmeur; analyste d'affaires; business analyst; analyste métier; AMOA; MOA; ingénieur devops réseau; informaticien; digital transformation; transformation digitale; transformation numérique; conseiller en sécurité informatique; architecte réseau; architecte sécurité; security architect; IT officer; IT coordinator; technicien en informatique; webmestre; integration consultant; SAP; intégrateur SAP; intégrateur CRM; CRM integrator; IT analyst; systems analyst; hubspot consultant; consultant hubspot; odoo consultant; consultant odoo; technicien hotline informatique",
    ),
    trade(
        F::Design,
        "designer; product designer; UX designer; UI designer; UX UI designer; graphiste; graphic designer; web designer; webdesigner; motion designer; designer graphique; designer d'intérieur; designer produit; UX researcher; UX writer; illustrateur; illustrator; infographiste; maquettiste; designer industriel; brand designer; service designer; designer UX; designer UI; DA; UX consultant; animateur 3D; styliste; modéliste; directeur artistique junior; UX strategist; game designer; consultant UX; ergonome; ergonome IHM; visual designer",
    ),
    trade(
        F::Finance,
        "comptable; expert-comptable; expert comptable; accountant; chartered accountant; aide-comptable; auditeur; auditor; auditeur financier; auditeur interne; contrôleur de gestion; contrôleur financier; contrôleur; financial controller; controller; management controller; trésorier d'entreprise; trésorier groupe; trésorier corporate; trésorier international; trésorier adjoint; treasurer; analyste financier; financial analyst; analyste crédit; credit analyst; analyste risque; risk analyst; actuaire; actuary; banquier; banker; banquier privé; private banker; conseiller bancaire; conseiller financier; conseiller en gestion de patrimoine; conseiller patrimonial; gestionnaire de patrimoine; gestionnaire de portefeuille; portfolio manager; fund manager; wealth manager; asset manager; financial advisor; financial planner; planificateur financier; conseiller en sécurité financière; courtier en assurance; courtier en assurances; courtier d'assurance; courtier hypothécaire; courtier en crédit; courtier en prêt; courtier en financement; mortgage broker; insurance broker; agent général d'assurance; agent général d'assurances; agent d'assurance; agent en assurance; conseiller en assurance; conseiller en assurances; conseiller assurance; souscripteur; underwriter; gestionnaire de sinistres; gestionnaire sinistres; claims adjuster; expert en sinistre; expert d'assuré; fiscaliste; tax advisor; tax consultant; bookkeeper; teneur de livres; commissaire aux comptes; trader; gestionnaire de fonds; conseiller en placement; conseiller en investissement; conseiller en investissements financiers; investment analyst; investment banker; chargé d'affaires professionnels banque; conseiller de clientèle bancaire; conseiller clientèle bancaire; chargé de recouvrement; credit manager; gestionnaire comptable; collaborateur comptable; technicien comptable; commis comptable; technicien en comptabilité; inspecteur des finances; finance business partner; CPA auditeur; consultant finance; business controller; analyste comptable; agent de recouvrement; FP&A analyst; accounts payable specialist; accounts receivable specialist; tax manager; treasury analyst; venture capitalist; investisseur; investor; business angel",
    ),
    trade(
        F::Hr,
        "recruteur; recruiter; headhunter; chasseur de têtes; talent acquisition; talent acquisition specialist; talent acquisition partner; talent partner; HR business partner; HRBP; business partner RH; people partner; HR generalist; généraliste RH; HR officer; HR specialist; HR consultant; consultant RH; consultant recrutement; consultant en recrutement; conseiller RH; conseiller en ressources humaines; conseiller en dotation; conseiller en acquisition de talents; spécialiste en acquisition de talents; chargé de recrutement; chargé RH; chargé de ressources humaines; chargé de formation; chargé de mission RH; chargé des ressources humaines; chargé de paie; gestionnaire de paie; gestionnaire paie; gestionnaire RH; gestionnaire de paie et administration du personnel; payroll specialist; payroll officer; technicien de paie; technicien paie; technicien RH; chief happiness officer; happiness officer; happiness manager; office life manager; people operations; people ops; people specialist; HR coordinator; coordonnateur RH; sourceur; sourcer; talent sourcer; people officer; learning and development specialist; L&D specialist; training coordinator; conseiller en recrutement; outplacement; CRHA; chargé de développement RH; juriste paie; chargé d'administration du personnel; compensation and benefits; talent manager freelance; partenaire d'affaires RH; partenaire d'affaires ressources humaines; psychologue du travail; consultant formation RH; ergonome RH; staffing specialist; technical recruiter; responsable talent",
    ),
    trade(
        F::Legal,
        "avocat; juriste; notaire; lawyer; attorney; solicitor; barrister; legal counsel; counsel; general counsel; in-house counsel; DPO; data protection officer; délégué à la protection des données; compliance officer; compliance; conformité; huissier; huissier de justice; commissaire de justice; magistrat; juge; greffier; conseiller juridique; consultant RGPD; officier de conformité; mandataire judiciaire; administrateur judiciaire; legal advisor; contract manager; médiateur; privacy officer; privacy counsel; conseil en propriété industrielle; fiscaliste avocat; legal operations; legal ops; patent attorney; legal officer; chargé de conformité; conseiller en conformité",
    ),
    trade(
        F::Purchasing,
        "acheteur; buyer; purchaser; category buyer; category manager; category manager achats; procurement specialist; sourcing specialist; approvisionneur; agent d'approvisionnement; acheteur projet; strategic buyer; agent aux achats; procurement officer; purchasing officer; chargé d'achats; chargé des achats; gestionnaire achats; consultant achats; spécialiste en approvisionnement; commodity manager; conseiller en approvisionnement; procurement business partner; adjoint aux achats; inkoper; Einkäufer; responsable sourcing acheteur",
    ),
    trade(
        F::Education,
        "professeur; enseignant; teacher; lecturer; formateur; trainer; maître de conférences; maître d'école; instituteur; professeur des écoles; chargé de cours; chargé d'enseignement; conseiller pédagogique; ingénieur pédagogique; concepteur pédagogique; instructional designer; coordinateur pédagogique; coordonnateur pédagogique; éducateur; tutor; tuteur; professor; chargé de TD; conseiller d'orientation; conseiller principal d'éducation; CPE; orthopédagogue; animateur pédagogique; formateur indépendant; formateur consultant; responsable de classe; éducateur spécialisé; moniteur; instructeur; learning designer; précepteur; teacher trainer; professeur de lycée; docteur en enseignement; bibliothécaire; directeur de thèse",
    ),
    trade(
        F::Health,
        "infirmier; médecin; docteur en médecine; chirurgien; chirurgien-dentiste; dentiste; orthodontiste; pharmacien; kinésithérapeute; kiné; physiothérapeute; ostéopathe; psychologue; psychothérapeute; psychiatre; sage-femme; orthophoniste; ergothérapeute; opticien; vétérinaire; nurse; physician; doctor; dentist; pharmacist; therapist; physiotherapist; cardiologue; radiologue; dermatologue; ophtalmologue; ophtalmologiste; gynécologue; pédiatre; anesthésiste; généraliste médecin; médecin généraliste; diététicien; nutritionniste; podologue; audioprothésiste; aide soignant; ambulancier; manipulateur radio; préparateur en pharmacie; naturopathe; sophrologue; hypnothérapeute; chiropraticien; visiteur médical; délégué médical; attaché de recherche clinique; ARC; clinical research associate; neurologue; urologue; oncologue; radiologist; surgeon; veterinarian; psychologist; midwife; paramedic; préposé aux bénéficiaires; travailleur social santé; inhalothérapeute; technologue médical; hygiéniste dentaire; acupuncteur; nurse practitioner; optician; biologiste médical; orthoptiste; psychomotricien",
    ),
    trade(
        F::Hospitality,
        "cuisinier; cook; chef de partie; commis de cuisine; commis; chef de rang; serveur; waiter; waitress; barman; barmaid; bartender; barista; sommelier; réceptionniste d'hôtel; réceptionniste en hôtellerie; concierge; gouvernant; housekeeper; restaurateur; hôtelier; pâtissier; boulanger; boulanger-pâtissier; traiteur; baker; chocolatier; night auditor; réceptionniste hôtel; hôte d'accueil hôtel; employé de restauration; majordome; crêpier; pizzaïolo; mixologue; glacier; caviste; hotelier; chef à la maison; maître restaurateur; food and beverage; chef; hostess; agent de voyages; agent de voyage; conseiller voyages; conseiller en voyages; guide touristique; travel agent",
    ),
    trade(
        F::RealEstate,
        "agent immobilier; courtier immobilier; conseiller immobilier; conseiller en immobilier; négociateur immobilier; mandataire immobilier; consultant immobilier; real estate agent; real estate broker; realtor; property manager; gestionnaire immobilier; gestionnaire locatif; gestionnaire de copropriété; gestionnaire de copropriétés; gestionnaire d'immeubles; gestionnaire de biens; syndic; syndic de copropriété; administrateur de biens; promoteur immobilier; property developer; real estate developer; marchand de biens; chasseur immobilier; expert immobilier; évaluateur agréé; real estate advisor; real estate consultant; estate agent; letting agent; leasing manager; leasing agent; property consultant; agent immobilière; asset manager immobilier; régisseur immobilier; real estate asset manager; monteur d'opérations immobilières; négociateur en immobilier; agent de location; diagnostiqueur immobilier; conseiller location",
    ),
    trade(
        F::Consulting,
        "consultant en stratégie; consultant en management; management consultant; strategy consultant; consultant en organisation; conseiller en management; conseiller stratégique; consultant en transformation; executive coach; coach de dirigeants; coach professionnel; business coach; coach en entreprise; coach d'affaires; coach certifié; coach exécutif; conseiller en gestion; coach agile; life coach; coach de vie; facilitateur; conseil en stratégie; change manager; consultant en conduite du changement; consultant senior en stratégie; consultant associé",
    ),
    trade(
        F::Operations,
        "conducteur de travaux; conducteur d'engins; cariste; magasinier; préparateur de commandes; chauffeur; chauffeur-livreur; conducteur routier; livreur; driver; opérateur; opérateur de production; operator; mécanicien; électricien; plombier; menuisier; maçon; soudeur; technicien de maintenance; agent de maintenance; maintenance technician; agent logistique; gestionnaire de stock; gestionnaire de stocks; gestionnaire logistique; coordonnateur logistique; coordinateur logistique; logistics coordinator; supply planner; demand planner; planificateur; ordonnanceur; office manager; office coordinator; project manager; chef de projet; chargé de projet; chargé de projets; chef de projets; program manager; programme manager; gestionnaire de projet; gestionnaire de projets; coordonnateur de projet; coordonnateur de projets; coordinateur de projet; coordinateur de projets; project coordinator; project officer; directeur de projet junior; PMO; delivery manager; release manager; qualiticien; technicien qualité; quality controller; animateur QSE; animateur sécurité; contrôleur qualité; inspecteur qualité; employé libre-service; hôte de caisse; caissier; réceptionniste; agent d'accueil; hôte d'accueil; receptionist; gestionnaire administratif; agent administratif; employé administratif; adjoint; préposé; transitaire; affréteur; déclarant en douane; exploitant transport; gestionnaire de transport; agent d'exploitation; régulateur; répartiteur; dispatcher; supply chain analyst; supply chain coordinator; magasinier-cariste; paysagiste; jardinier; agent d'entretien; agent de sécurité; manutentionnaire; ouvrier; usineur; machiniste; fleet manager; case manager; coordonnateur des opérations; coordinateur des opérations; operations coordinator; operations specialist; operations analyst; métreur; économiste de la construction; technicien de production; technicien usine; event coordinator logistique; chargé de mission; chef de mission; commis d'entrepôt; chef de projet BTP; chef de projet construction; construction manager; site manager; business office coordinator; lean manager; chef de projet industriel; chef de projet logistique; planning manager; acheteur-approvisionneur logistique; exploitant agricole; agriculteur; viticulteur; éleveur; maraîcher",
    ),
    trade(
        F::Other,
        "journaliste; journalist; reporter; photographe; photographer; vidéaste; videographer; filmmaker; réalisateur; monteur; traducteur; translator; interprète; interpreter; architecte; architect; artiste; artist; musicien; musician; comédien; acteur; actor; urbaniste; géomètre; policier; gendarme; militaire; officier; pompier; pilote; pilot; travailleur social; social worker; biologiste; chimiste; géologue; archiviste; coiffeur; esthéticien; tatoueur; fleuriste; artisan; ébéniste; bijoutier; sportif; athlète; coach sportif; éducateur sportif; personal trainer; prêtre; pasteur; écrivain; producteur; producer; scénariste; économiste; economist; sociologue; historien; chargé d'études; diplomate; fonctionnaire; attaché parlementaire; agent territorial; ingénieur du son; animateur; animateur socioculturel; luthier; céramiste; couturier; opérateur de drone; horloger; organisateur de mariage; wedding planner; éditeur; librarian; libraire; consultant politique; élu; maire; député",
    ),
    // Trades of the same functions, sector by sector.
    trade(
        F::Sales,
        "chef de groupe commercial; responsable de marché; chef de marché; responsable appels d'offres; chargé d'appels d'offres; bid coordinator; bid writer; solutions consultant; conseiller en solutions; agent général automobile; conseiller aux entreprises; new business manager; export assistant; commercial export; agent de vente; responsable de comptes majeurs; door-to-door seller; ingénieur des ventes; courtier; broker; négociant; grossiste; visiteur commercial",
    ),
    trade(
        F::Marketing,
        "chargé de projet marketing; social ads manager; paid social specialist; paid media specialist; media trader; storyteller; copy chief; journaliste d'entreprise; marketing automation specialist; responsable de marque employeur digitale; chargé de relations presse; chargé des relations publiques; concepteur publicitaire; social media strategist; speechwriter; web editor; podcast producer marketing; directeur de clientèle agence",
    ),
    trade(
        F::Engineering,
        "designer mécanique; chargé d'études thermiques; technicien de laboratoire R&D; engineering technician; mechanical designer; CAD designer; dessinateur industriel; dessinateur en bâtiment; roboticist; geotechnicien; essayiste technique; technicien d'essais; test automation specialist",
    ),
    trade(
        F::Data,
        "BI engineer; business intelligence developer; ML ops; MLOps engineer; data lead; data journalist; crypto analyst",
    ),
    trade(
        F::It,
        "ERP project manager; chef de service informatique; gestionnaire TI; cloud administrator; cloud engineer; sharepoint administrator; salesforce developer; dynamics developer; SAP developer; network architect; architecte infrastructure; ingénieur exploitation; ingénieur de production informatique; technicien de proximité; technicien informatique de proximité; service desk analyst; service desk agent; IT support engineer; desktop support technician; M365 administrator; responsable parc informatique; information security officer; security officer informatique; cyber analyst",
    ),
    trade(
        F::Finance,
        "loan officer; mortgage advisor; mortgage adviser; gestionnaire back-office bancaire; gestionnaire back-office titres; conseiller patrimonial; chef de mission expertise comptable; chef de mission comptable; M&A associate; M&A analyst; analyste M&A; private equity associate; analyste en placements; technicien de sinistres; gestionnaire de contrats d'assurance; gestionnaire indemnisation; chargé d'indemnisation; inspecteur d'assurances; insurance adviser; insurance agent; payments analyst; pricing analyst; directeur de comptes bancaires; directeur de centre d'affaires banque; chargé d'affaires entreprises banque; chargé de clientèle bancaire; chargé de clientèle banque; chargé de clientèle assurance; chargé de clientèle assurances; conseiller clientèle banque; conseiller clientèle particuliers; fund accountant; cost accountant; tax accountant; bank teller; guichetier; credit controller; billing specialist; aide-comptable; loss adjuster; risk officer; actuarial analyst; crypto trader; gestionnaire de trésorerie",
    ),
    trade(
        F::Hr,
        "conseiller emploi; conseiller en emploi; conseiller en insertion; conseiller en insertion professionnelle; conseiller en évolution professionnelle; chargé d'insertion; chargé d'insertion professionnelle; compensation manager; compensation analyst; total rewards manager; employer brand manager; campus recruiter; gestionnaire des ressources humaines; gestionnaire de carrières; préventeur; career coach; coach carrière; conseiller en carrière; bilan de compétences; consultant en bilan de compétences",
    ),
    rank(
        S::Manager,
        Some((F::Hr, Trade)),
        "responsable développement des compétences; onboarding RH manager; responsable relations sociales",
    ),
    rank(
        S::Manager,
        Some((F::Legal, Trade)),
        "responsable affaires réglementaires; responsable affaires juridiques; responsable des affaires juridiques; data privacy manager; privacy manager; regulatory affairs manager",
    ),
    rank(
        S::Manager,
        Some((F::Operations, Trade)),
        "responsable développement durable; responsable du développement durable; responsable RSE",
    ),
    rank(
        S::Director,
        Some((F::Operations, Trade)),
        "directeur développement durable; directeur du développement durable; directeur RSE",
    ),
    rank(
        S::Director,
        Some((F::Hr, Trade)),
        "directeur du développement RH; directeur développement RH; directeur du développement des talents; directeur du développement des compétences",
    ),
    rank(S::Director, Some((F::Product, Trade)), "directeur du développement produit; directeur du développement produits"),
    trade(
        F::Legal,
        "tax lawyer; data privacy officer; regulatory affairs specialist; conseil juridique; legal assistant senior; defender",
    ),
    trade(
        F::Design,
        "décorateur; décorateur d'intérieur; architecte d'intérieur; interior architect; interior designer; interior decorator; home stager; 3D artist; concept artist; scénographe; designer d'espace; designer d'expérience; typographe",
    ),
    trade(
        F::Purchasing,
        "vendor manager; supplier manager; supplier relationship manager; category lead achats; category lead; merchandise buyer; acheteur public",
    ),
    trade(
        F::Operations,
        "chef de quai; chef de cabine; conducteur; conducteur de ligne; conducteur de bus; conducteur de train; conducteur de machine; facteur; éboueur; ripeur; aiguilleur; steward; hôte de l'air; hôtesse de l'air; hôtesse d'accueil; hôtesse de caisse; hôte de caisse; flight attendant; cabin crew; vigile; gardien; gardien d'immeuble; garagiste; carrossier; tourneur; tourneur-fraiseur; fraiseur; ajusteur; chaudronnier; tôlier; déménageur; boucher; charcutier; poissonnier; fromager; primeur; couvreur; peintre en bâtiment; plâtrier; chauffagiste; frigoriste; carreleur; charpentier; serrurier; grutier; vitrier; monteur câbleur; câbleur; monteur-câbleur; ascensoriste; étancheur; façadier; terrassier; canalisateur; agent de nettoyage; femme de ménage; plumber; carpenter; electrician; welder; roofer; bricklayer; painter decorator; mechanic; machinist; forklift operator; cleaner; courier; delivery driver; truck driver; bus driver; warehouse operative; warehouse worker; factory worker; butcher; fishmonger; farmer; gardener; landscaper; security guard; safety officer; HSE officer; quality inspector; quality technician; contractor; technicien qualité environnement; technicien de surface; technicien chauffage; technicien fibre; aide-magasinier; apiculteur; horticulteur; sylviculteur; forestier; pêcheur; marin; docker",
    ),
    trade(
        F::CustomerSuccess,
        "service desk client agent; client advisor; client relationship officer; customer relations officer; renewals manager; renewal manager; chargé de fidélisation",
    ),
    trade(
        F::Education,
        "headmaster; headteacher; head teacher; ATSEM; AESH; accompagnant d'élèves; vacataire; auxiliaire de puériculture; puériculteur; dean; professor emeritus; moniteur d'auto-école; professeur de yoga; professeur de musique; curriculum manager; curriculum developer; responsable de formation continue école; nursery nurse; childminder; nanny; surveillant; principal adjoint; school counsellor; animateur périscolaire; bibliothécaire scolaire",
    ),
    trade(
        F::Health,
        "aide-soignant; staff nurse; auxiliaire de vie; aide à domicile; brancardier; dental hygienist; care assistant; caregiver; healthcare assistant; general practitioner; GP; pharmacy manager; hearing care professional; clinical project manager; clinical trial manager; speech therapist; occupational therapist; dietitian; nutritionist; radiographer; laborantin; technicien de laboratoire médical; technicien d'analyses médicales; praticien hospitalier; interne en médecine; prothésiste; prothésiste dentaire; masseur; masseur-kinésithérapeute; réflexologue; sexologue; addictologue; toxicologue; allergologue; gériatre; rhumatologue",
    ),
    trade(
        F::Hospitality,
        "plongeur; limonadier; aubergiste; cafetier; brasseur; exploitant de camping; conseiller voyage; front desk agent; guest relations manager; guest experience manager; spa therapist; valet de chambre; femme de chambre; chef de quart cuisine; room attendant; tour operator; tour guide; guide-conférencier; guide de montagne; gîteur; hôte de table; barback; catering manager; banquet coordinator; wine waiter",
    ),
    trade(
        F::RealEstate,
        "chasseur d'appartement; chasseur d'appartements; chasseur de biens; real estate investor; investisseur immobilier; lettings manager; lettings negotiator; directeur programmes immobiliers; directeur de programmes immobiliers; facility asset manager; quantity surveyor immobilier; chartered surveyor; conseiller foncier; bailleur",
    ),
    trade(
        F::Other,
        "écrivain; écrivaine; coiffeur-visagiste; hairdresser; barber; beautician; maquilleur; makeup artist; antiquaire; galeriste; costumier; chanteur; danseur; sculpteur; peintre; singer; dancer; painter; sculptor; film director; stage director; metteur en scène; chercheur en histoire; curé; rabbin; imam; toiletteur; toiletteur canin; bibliothécaire jeunesse; graphologue; philosophe; sociologist; anthropologue; archéologue; paléontologue; moine; disc jockey; arbitre; footballeur",
    ),
    // Generic nouns: a role, whose function the words beside it tell.
    generic(
        F::Consulting,
        "consultant; consultante indépendant; conseiller; advisor; adviser; coach; mentor professionnel; senior advisor; conseil; consulting; Berater; Beraterin; freelance consultant; auditeur conseil; executive advisor",
    ),
    generic(
        F::Operations,
        "chef de; technicien; technician; coordinateur; coordonnateur; coordinator; chef de projet; gestionnaire; chargé d'opérations; agent; employé; administrateur; administrator; planner; supply; secrétaire général; secretary general; délégué; délégué général; Projektleiter; Projektleiterin; projectleider",
    ),
    generic(F::Data, "analyste; analyst"),
    open(
        "chargé de; chargé; chargé d'; spécialiste; specialist; expert; officer; executive; associate; representative; collaborateur; business partner; channel partner; strategist; stratège; Mitarbeiter; Sachbearbeiter; attaché; attaché de direction; inspecteur; contributor; evangelist; chef de bureau; chef de marché; responsable d'un; product evangelist; freelance; freelancer; indépendant; auto-entrepreneur; autoentrepreneur; micro-entrepreneur; practitioner; créateur; maker; process owner; service owner",
    ),
    // Fields of work.
    field(
        F::Hr,
        "expérience collaborateur; expérience collaborateurs; expérience employé; employee experience; vie au travail; qualité de vie au travail; engagement collaborateur; employee engagement; gestion des carrières; RH; HR; ressources humaines; human resources; talent; talents; talent acquisition; recrutement; recruitment; recruiting; people; people and culture; people & culture; paie; payroll; paie et adp; formation; formations; learning; learning and development; learning & development; L&D; training; relations sociales; QVT; QVCT; dotation; capital humain; marque employeur; employer branding; rémunération; avantages sociaux; culture d'entreprise; personnel; workplace culture; relations de travail; diversity; workforce; formation professionnelle; talent management",
    ),
    field(
        F::Marketing,
        "relations presse; relations publiques; community management; product marketing; marketing; communication; communications; comms; digital marketing; brand; branding; marque; marques; content; contenu; contenus; growth; growth marketing; acquisition; SEO; SEA; social media; réseaux sociaux; événementiel; événements; events; event; médias; media; presse; publicité; advertising; PR; demand generation; demand gen; inbound; webmarketing; e-commerce; ecommerce; community; créative marketing; communication interne; communication externe; copywriting; relations médias; affaires publiques; public affairs; lead generation; paid media; performance media; digital; éditorial; newsletter; fidélisation; trafic; paid social; ads; storytelling; influence; CRM marketing; parrainage; mécénat; go-to-market marketing; UX content",
    ),
    field(
        F::Sales,
        "sales; vente; ventes; commercial; commerce; développement; développement commercial; développement des affaires; développement d'affaires; business development; bizdev; business; partenariats; partenariat; partnerships; partnership; alliances; partners; channel; grands comptes; comptes clés; key accounts; key account; accounts; account; revenue; export; avant-vente; presales; GTM; go-to-market; administration des ventes; commercial et marketing; inside sales; retail sales; réseau de distribution; distribution; prospection; outbound; négoce; Verkauf; Vertrieb; trade; revenus; clientèle; affaires; sales development; sales operations; sales enablement; enterprise sales; franchises; franchise; field sales; comptes; comptes stratégiques; portefeuille clients; commerciale france; commercial banking",
    ),
    field(
        F::CustomerSuccess,
        "customer success; service client; service clients; services clients; relation client; relations clients; relation clients; expérience client; expérience clients; customer experience; customer service; customer care; customer support; customer; CX; client experience; client success; client services; client service; support; support client; service à la clientèle; services à la clientèle; SAV; service après-vente; après-vente; centre d'appels; centre de contact; call center; call centre; contact center; onboarding; réussite client; succès client; satisfaction client; after-sales; centre de relation client; customer operations; customer relations",
    ),
    field(
        F::Finance,
        "finance; finances; financier; comptabilité; comptable; accounting; audit; contrôle de gestion; controlling; trésorerie; treasury; FP&A; fiscalité; tax; banque; bancaire; banking; assurance; assurances; insurance; crédit; credit; investissement; investissements; investment; investments; M&A; fusions-acquisitions; fusions et acquisitions; mergers and acquisitions; corporate finance; private equity; capital-risque; venture capital; gestion de patrimoine; wealth management; asset management; risques; risk; consolidation; facturation; billing; prévoyance; mutuelle; recouvrement; administratif et financier; administration et finances; actuariat; hypothécaire; gestion financière; investor relations; marchés financiers; financement; financements; épargne; equity research; equities; trading; fund; funds; trésorerie groupe; risque",
    ),
    field(
        F::It,
        "parc informatique; bases de données; poste de travail; support N1; support N2; support N3; support niveau 2; IT; TI; informatique; systèmes d'information; système d'information; SI; infrastructure; infrastructures; cybersécurité; cybersecurity; sécurité informatique; information security; infosec; sécurité de l'information; réseau; réseaux; network; cloud infrastructure; SAP; ERP; CRM; Salesforce; transformation digitale; transformation numérique; digital transformation; numérique; digitalisation; support informatique; IT support; systèmes; applications; technologies de l'information; information technology; intégration CRM; integration; intégration; télécom; architecture d'entreprise; digital workplace; helpdesk; AMOA; MOA; SIRH; information systems; IT infrastructure; IT operations; dynamics 365; odoo; data center; exploitation informatique",
    ),
    field(
        F::Engineering,
        "engineering; eng; ingénierie; R&D; recherche et développement; recherche & développement; research and development; technique; technical; technologie; technology; tech; software; logiciel; développement logiciel; développement web; devops; platform engineering; bureau d'études; méthodes; innovation; études; hardware; firmware; embedded; architecture logicielle; backend; frontend; mécanique; électronique; robotique; SRE; QA; research; recherche; cloud; mobile; web development; automation; prototypage; génie civil; génie",
    ),
    field(
        F::Data,
        "data; données; data science; data & ai; data and ai; data engineering; analytics; business intelligence; BI; décisionnel; intelligence artificielle; IA; AI; machine learning; statistiques; insights; data analytics; gouvernance des données",
    ),
    field(F::Product, "product; produit; produits; product management; product ops; gestion de produit; roadmap"),
    field(
        F::Design,
        "design; UX; UI; product design; UX design; graphisme; création; direction artistique; creative; user experience; expérience utilisateur; UX research; graphique; brand design; design system; design ops",
    ),
    field(
        F::Legal,
        "juridique; legal; droit; compliance; conformité; contrats; contentieux; RGPD; GDPR; privacy; affaires juridiques; propriété intellectuelle; intellectual property; protection des données; réglementaire; regulatory; regulatory affairs; affaires réglementaires; juridique et conformité; droit social; notarial; éthique; law; secrétariat général juridique",
    ),
    field(
        F::Purchasing,
        "achats; achat; purchasing; procurement; sourcing; approvisionnement; approvisionnements; category management; achats indirects; Einkauf",
    ),
    field(
        F::Operations,
        "opérations; operations; ops; production; logistique; logistics; supply chain; qualité; quality; QHSE; HSE; QSE; travaux; chantier; chantiers; maintenance; exploitation; transport; transports; entrepôt; warehouse; usine; plant; site; sites; fabrication; manufacturing; industriel; process; lean; amélioration continue; continuous improvement; magasin; magasins; boutique; store; stores; retail; retail operations; services généraux; facilities; workplace; office; PMO; projets; projet; projects; project; programmes; programme; program; planification; planning; sécurité; environnement; RSE; développement durable; sustainability; CSR; ESG; douane; flotte; stocks; préparation de commandes; delivery; transition; moyens généraux; administratif; administration; excellence opérationnelle; restauration de bâtiments; BTP; bâtiment; construction; énergie; agroalimentaire; usinage; industrialisation; ordonnancement; livraison; inventaire; parc",
    ),
    field(
        F::Education,
        "pédagogique; pédagogie; scolaire; école; enseignement; éducation; education; education programs; academic; académique; e-learning; lycée; collège; université; university; school; campus; crèche; petite enfance; apprentissages",
    ),
    field(
        F::Health,
        "santé; health; médical; medical; soins; clinique; clinical; hospitalier; pharmacie; pharmaceutique; EHPAD; infirmier; patient; healthcare; hôpital; hospital; médico-social; officine; dentaire; thérapeutique; nursing; paramédical; oncologie; laboratoire d'analyses",
    ),
    field(
        F::Hospitality,
        "hôtel; hotel; hôtellerie; hôtelier; hospitality; restaurant; restauration; cuisine; kitchen; réception; hébergement; F&B; food and beverage; food & beverage; food; bar; salle; traiteur; pâtisserie; boulangerie; chocolaterie; sommellerie; bakery; catering; bistro; brasserie; tourisme; tourism; room service; housekeeping; banquets; spa; camping; gîte",
    ),
    field(
        F::RealEstate,
        "immobilier; real estate; promotion immobilière; gestion locative; copropriété; copropriétés; foncier; property; logement; transaction immobilière; transactions immobilières; patrimoine immobilier; leasing; location immobilière; property management; syndic",
    ),
    field(
        F::Consulting,
        "stratégie; strategy; conseil en management; management consulting; conduite du changement; change management; transformation; organisation; advisory",
    ),
];
